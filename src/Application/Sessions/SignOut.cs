using MediatR;
using PhoneAuth.Application.Abstractions;
using PhoneAuth.Domain;
using PhoneAuth.Domain.Sessions;

namespace PhoneAuth.Application.Sessions;

/// <summary>Ends the caller's own session.</summary>
public sealed record SignOutCommand : IRequest<Result>;

/// <summary>Ends one of the caller's sessions.</summary>
/// <param name="SessionId">Which; anything but the id of a session of the caller is not found.</param>
public sealed record EndSessionCommand(string SessionId) : IRequest<Result>;

/// <summary>Ends all of the caller's sessions but this one.</summary>
public sealed record EndOtherSessionsCommand : IRequest<Result>;

internal sealed class SignOutHandler(ICurrentUser caller, ISessionRepository sessions, IUnitOfWork unitOfWork)
    : IRequestHandler<SignOutCommand, Result>, IRequestHandler<EndSessionCommand, Result>, IRequestHandler<EndOtherSessionsCommand, Result>
{
    public async Task<Result> Handle(SignOutCommand command, CancellationToken cancellationToken)
    {
        await EndAsync(caller.SessionId, cancellationToken);
        return Result.Success();
    }

    public async Task<Result> Handle(EndSessionCommand command, CancellationToken cancellationToken) =>
        Guid.TryParseExact(command.SessionId, "D", out var id) && await EndAsync(id, cancellationToken) ? Result.Success() : SessionErrors.NotFound;

    public async Task<Result> Handle(EndOtherSessionsCommand command, CancellationToken cancellationToken)
    {
        await sessions.EndAllAsync(caller.UserId, caller.SessionId, cancellationToken);
        return await unitOfWork.SaveAsync(cancellationToken) ? Result.Success() : await Handle(command, cancellationToken);
    }

    private async Task<bool> EndAsync(Guid id, CancellationToken cancellationToken)
    {
        if (await sessions.LockAsync(id, cancellationToken) is not { } session || session.UserId != caller.UserId)
        {
            return false;
        }

        sessions.Remove(session);
        return await unitOfWork.SaveAsync(cancellationToken) || await EndAsync(id, cancellationToken);
    }
}
