using FluentValidation;
using MediatR;
using PhoneAuth.Application.Abstractions;
using PhoneAuth.Domain;
using PhoneAuth.Domain.InviteCodes;
using PhoneAuth.Domain.Users;

namespace PhoneAuth.Application.Profiles;

/// <summary>Activates another user's invite code, once ever.</summary>
/// <param name="InviteCode">The code as typed, without regard to case, spaces and dashes.</param>
public sealed record ActivateInviteCodeCommand(string? InviteCode) : IRequest<Result<ProfileResponse>>;

internal sealed class ActivateInviteCodeValidator : AbstractValidator<ActivateInviteCodeCommand>
{
    public ActivateInviteCodeValidator() =>
        RuleFor(command => command.InviteCode).Must(text => InviteCode.Parse(text) is not null).WithMessage(InviteCodeErrors.InvalidMessage);
}

internal sealed class ActivateInviteCodeHandler(
    ICurrentUser caller, IUserRepository users, IProfileReader profiles, IUnitOfWork unitOfWork, TimeProvider clock)
    : IRequestHandler<ActivateInviteCodeCommand, Result<ProfileResponse>>
{
    public async Task<Result<ProfileResponse>> Handle(ActivateInviteCodeCommand command, CancellationToken cancellationToken)
    {
        var code = InviteCode.Parse(command.InviteCode)!;
        var (user, owner) = await users.LockWithOwnerAsync(caller.UserId, code, cancellationToken);
        if (user is null)
        {
            return UserErrors.Unauthenticated;
        }

        // A code that does not exist is counted: saved on the way to the refusal too.
        var activated = user.ActivateInviteCode(code, owner, clock.UtcNow());
        if (!await unitOfWork.SaveAsync(cancellationToken))
        {
            return await Handle(command, cancellationToken);
        }

        if (activated.Error is { } refused)
        {
            return refused;
        }

        return await profiles.FindAsync(caller.UserId, cancellationToken) is { } profile ? profile : UserErrors.Unauthenticated;
    }
}
