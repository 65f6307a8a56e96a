using MediatR;
using PhoneAuth.Application.Abstractions;
using PhoneAuth.Domain;
using PhoneAuth.Domain.PhoneNumbers;
using PhoneAuth.Domain.Users;
using PhoneAuth.Domain.VerificationCodes;

namespace PhoneAuth.Application.Profiles;

/// <summary>Deletes the caller's account with all its sessions and its live code.</summary>
/// <param name="PhoneNumber">The caller's own number, in E.164.</param>
public sealed record DeleteAccountCommand(string PhoneNumber) : IRequest<Result>;

internal sealed class DeleteAccountHandler(
    ICurrentUser caller, IVerificationCodeRepository codes, IUserRepository users, IKeyedHasher hasher, IUnitOfWork unitOfWork, TimeProvider clock)
    : IRequestHandler<DeleteAccountCommand, Result>
{
    public async Task<Result> Handle(DeleteAccountCommand command, CancellationToken cancellationToken)
    {
        // The number's row first, as sign-in takes it, so that the two never wait for each other in a circle.
        var verification = await codes.LockAsync(PhoneNumber.FromStorage(command.PhoneNumber), cancellationToken);
        var (user, inviter) = await users.LockWithInviterAsync(caller.UserId, cancellationToken);
        if (user is null)
        {
            return UserErrors.Unauthenticated;
        }

        var hashes = hasher.Candidates(HashPurpose.SpentActivation, user.PhoneNumber.E164);
        if (!user.CanActivateInviteCode && !await users.HasSpentActivationAsync(hashes, cancellationToken))
        {
            users.Add(new SpentActivation(hashes[0]));
        }

        inviter?.ForgetInvited();
        verification?.Withdraw(clock.UtcNow());
        users.Remove(user);
        return await unitOfWork.SaveAsync(cancellationToken) ? Result.Success() : await Handle(command, cancellationToken);
    }
}
