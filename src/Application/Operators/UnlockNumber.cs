using FluentValidation;
using MediatR;
using PhoneAuth.Application.Abstractions;
using PhoneAuth.Application.SignIn;
using PhoneAuth.Domain;
using PhoneAuth.Domain.PhoneNumbers;
using PhoneAuth.Domain.Users;
using PhoneAuth.Domain.VerificationCodes;

namespace PhoneAuth.Application.Operators;

/// <summary>An operator forgets the failures of a number, whether it is locked for hours or disabled.</summary>
/// <param name="PhoneNumber">The number, in any spelling.</param>
public sealed record UnlockNumberCommand(string? PhoneNumber) : IRequest<Result>;

internal sealed class UnlockNumberValidator : AbstractValidator<UnlockNumberCommand>
{
    public UnlockNumberValidator(PhoneNumberPolicy numbers) => RuleFor(command => command.PhoneNumber).IsPhoneNumber(numbers);
}

internal sealed class UnlockNumberHandler(IVerificationCodeRepository codes, IUnitOfWork unitOfWork, PhoneNumberPolicy numbers, TimeProvider clock)
    : IRequestHandler<UnlockNumberCommand, Result>
{
    public async Task<Result> Handle(UnlockNumberCommand command, CancellationToken cancellationToken)
    {
        var phoneNumber = PhoneNumber.Parse(command.PhoneNumber, numbers.DefaultCountryCode).Value!;
        if (await codes.LockAsync(phoneNumber, cancellationToken) is not { } verification)
        {
            return UserErrors.NotFound;
        }

        verification.Unlock(clock.UtcNow());
        return await unitOfWork.SaveAsync(cancellationToken) ? Result.Success() : await Handle(command, cancellationToken);
    }
}
