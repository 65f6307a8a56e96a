using FluentValidation;
using MediatR;
using PhoneAuth.Application.Abstractions;
using PhoneAuth.Application.SignIn;
using PhoneAuth.Domain;
using PhoneAuth.Domain.PhoneNumbers;
using PhoneAuth.Domain.Sessions;
using PhoneAuth.Domain.Users;
using PhoneAuth.Domain.VerificationCodes;

namespace PhoneAuth.Application.Operators;

/// <summary>What an operator can do to a user.</summary>
public enum UserAction
{
    /// <summary>No sign-in and no call from now on; all sessions end.</summary>
    Block,

    /// <summary>Lets the user sign in again.</summary>
    Unblock,

    /// <summary>Ends all sessions; the user may sign in again.</summary>
    SignOut,
}

/// <summary>An operator blocks, unblocks or signs out a user.</summary>
/// <param name="PhoneNumber">The user's number, in any spelling.</param>
/// <param name="Action">What to do.</param>
public sealed record ChangeUserCommand(string? PhoneNumber, UserAction Action) : IRequest<Result>;

internal sealed class ChangeUserValidator : AbstractValidator<ChangeUserCommand>
{
    public ChangeUserValidator(PhoneNumberPolicy numbers) => RuleFor(command => command.PhoneNumber).IsPhoneNumber(numbers);
}

internal sealed class ChangeUserHandler(
    IVerificationCodeRepository codes, IUserRepository users, ISessionRepository sessions, IUnitOfWork unitOfWork, PhoneNumberPolicy numbers, TimeProvider clock)
    : IRequestHandler<ChangeUserCommand, Result>
{
    public async Task<Result> Handle(ChangeUserCommand command, CancellationToken cancellationToken)
    {
        var phoneNumber = PhoneNumber.Parse(command.PhoneNumber, numbers.DefaultCountryCode).Value!;

        // The number's row first, as sign-in takes it: a sign-in under way is over before the sessions end, or begins after it.
        await codes.LockAsync(phoneNumber, cancellationToken);
        if (await users.FindAsync(phoneNumber, cancellationToken) is not { } found ||
            await users.LockAsync(found.Id, cancellationToken) is not { } user)
        {
            return UserErrors.NotFound;
        }

        switch (command.Action)
        {
            case UserAction.Block:
                user.Block(clock.UtcNow());
                await sessions.EndAllAsync(user.Id, null, cancellationToken);
                break;
            case UserAction.Unblock:
                user.Unblock();
                break;
            case UserAction.SignOut:
                await sessions.EndAllAsync(user.Id, null, cancellationToken);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(command), command.Action, "There is no such action.");
        }

        return await unitOfWork.SaveAsync(cancellationToken) ? Result.Success() : await Handle(command, cancellationToken);
    }
}
