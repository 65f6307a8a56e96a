using MediatR;
using PhoneAuth.Application.Abstractions;
using PhoneAuth.Domain;
using PhoneAuth.Domain.Users;

namespace PhoneAuth.Application.Profiles;

/// <summary>Gives the caller another invite code; the old one stops being valid.</summary>
public sealed record ReplaceInviteCodeCommand : IRequest<Result<ProfileResponse>>;

internal sealed class ReplaceInviteCodeHandler(
    ICurrentUser caller, IUserRepository users, IRandomSource random, IProfileReader profiles, IUnitOfWork unitOfWork)
    : IRequestHandler<ReplaceInviteCodeCommand, Result<ProfileResponse>>
{
    public async Task<Result<ProfileResponse>> Handle(ReplaceInviteCodeCommand command, CancellationToken cancellationToken)
    {
        var user = await users.LockAsync(caller.UserId, cancellationToken);
        if (user is null)
        {
            return UserErrors.Unauthenticated;
        }

        // A code that somebody has is a lost race with the unique index: another is drawn.
        user.ReplaceInviteCode(random.InviteCode());
        if (!await unitOfWork.SaveAsync(cancellationToken))
        {
            return await Handle(command, cancellationToken);
        }

        return await profiles.FindAsync(caller.UserId, cancellationToken) is { } profile ? profile : UserErrors.Unauthenticated;
    }
}
