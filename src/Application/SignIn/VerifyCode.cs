using FluentValidation;
using MediatR;
using PhoneAuth.Application.Abstractions;
using PhoneAuth.Application.Profiles;
using PhoneAuth.Domain;
using PhoneAuth.Domain.PhoneNumbers;
using PhoneAuth.Domain.Sessions;
using PhoneAuth.Domain.Users;
using PhoneAuth.Domain.VerificationCodes;

namespace PhoneAuth.Application.SignIn;

/// <summary>Proves a number with the code that was sent to it, and signs in. The first time, the user is made.</summary>
/// <param name="PhoneNumber">The number, in any spelling.</param>
/// <param name="Code">The code, in any script's digits.</param>
/// <param name="DeviceName">What the device calls itself, or nothing.</param>
public sealed record VerifyCodeCommand(string? PhoneNumber, string? Code, string? DeviceName) : IRequest<Result<VerifyCodeResponse>>;

/// <summary>Signed in.</summary>
/// <param name="TokenType">Always <c>Bearer</c>.</param>
/// <param name="AccessToken">A JWT.</param>
/// <param name="ExpiresIn">The access token's life in seconds.</param>
/// <param name="RefreshToken">Opaque; good for one use.</param>
/// <param name="RefreshTokenExpiresAt">When the session ends unless it is refreshed before, UTC.</param>
/// <param name="IsNewUser">Whether this sign-in made the user.</param>
/// <param name="Profile">The user's profile.</param>
public sealed record VerifyCodeResponse(
    string TokenType,
    string AccessToken,
    int ExpiresIn,
    string RefreshToken,
    DateTimeOffset RefreshTokenExpiresAt,
    bool IsNewUser,
    ProfileResponse Profile);

internal sealed class VerifyCodeValidator : AbstractValidator<VerifyCodeCommand>
{
    public VerifyCodeValidator(PhoneNumberPolicy numbers, VerificationPolicy policy)
    {
        RuleFor(command => command.PhoneNumber).IsPhoneNumber(numbers);
        RuleFor(command => command.Code).IsCode(policy.CodeLength);
        RuleFor(command => command.DeviceName).Must(IsPrintable).WithMessage(SessionErrors.DeviceNameMessage);
    }

    private static bool IsPrintable(string? name) => name is null || (name.Length <= Session.MaxDeviceNameLength && name.EnumerateRunes().All(Device.IsPrintable));
}

internal sealed class VerifyCodeHandler(
    IVerificationCodeRepository codes,
    AddressLimits addresses,
    IUserRepository users,
    SessionOpener sessions,
    SendPermits permits,
    TestNumbers testNumbers,
    IUnitOfWork unitOfWork,
    IProfileReader profiles,
    IKeyedHasher hasher,
    IRandomSource random,
    PhoneNumberPolicy numbers,
    VerificationPolicy policy,
    Telemetry telemetry,
    TimeProvider clock) : IRequestHandler<VerifyCodeCommand, Result<VerifyCodeResponse>>
{
    public async Task<Result<VerifyCodeResponse>> Handle(VerifyCodeCommand command, CancellationToken cancellationToken)
    {
        var phoneNumber = PhoneNumber.Parse(command.PhoneNumber, numbers.DefaultCountryCode).Value!;
        var code = SignInRules.ReadCode(command.Code, policy.CodeLength);
        var now = clock.UtcNow();

        var spentHashes = hasher.Candidates(HashPurpose.SpentActivation, phoneNumber.E164);
        var (verification, user, activationSpent) = await codes.LockForSignInAsync(phoneNumber, spentHashes, cancellationToken);
        var address = await addresses.HoldForGuessAsync(now, cancellationToken);
        if (address.Refusal is { } tooMany)
        {
            return tooMany;
        }

        if (verification is null)
        {
            return VerificationCodeErrors.Expired;
        }

        var guess = verification.Guess(hasher.Candidates(HashPurpose.VerificationCode, phoneNumber.E164 + code), now, policy);
        if (guess.Error is { } wrong)
        {
            if (wrong.AttemptsLeft is not null)
            {
                address.CountFailure();
            }

            if (!await unitOfWork.SaveAsync(cancellationToken))
            {
                return await Handle(command, cancellationToken);
            }

            if (wrong.AttemptsLeft is not null && verification.Barred(now, policy) is { } barred)
            {
                telemetry.NumberLocked(phoneNumber.CountryCode, forGood: barred.RetryAt is null);
            }

            return wrong;
        }

        if (user?.BlockedAt is not null)
        {
            return await unitOfWork.SaveAsync(cancellationToken) ? UserErrors.Blocked : await Handle(command, cancellationToken);
        }

        var wasSent = testNumbers.CodeOf(phoneNumber, now) is null;
        if (wasSent)
        {
            address.CountVerified();
        }

        var isNewUser = user is null;
        if (user is null)
        {
            users.Add(user = User.Register(phoneNumber, random.InviteCode(), activationSpent, now));
        }

        var opened = sessions.Open(user, command.DeviceName, now);
        if (!await unitOfWork.SaveAsync(cancellationToken))
        {
            return await Handle(command, cancellationToken);
        }

        if (wasSent)
        {
            permits.CountVerified(phoneNumber.CountryCode);
            telemetry.CodeVerified(verification.Gateway, phoneNumber.CountryCode, now - verification.IssuedAt.GetValueOrDefault(now));
        }

        var (accessToken, expiresIn) = sessions.AccessToken(user, opened, now);
        var hasInvited = user.InvitedUsersCount > 0;
        var profile = hasInvited ? await profiles.FindAsync(user.Id, cancellationToken) ?? profiles.Of(user) : profiles.Of(user);
        return new VerifyCodeResponse("Bearer", accessToken, expiresIn, opened.RefreshToken, opened.Session.ExpiresAt, isNewUser, profile);
    }
}
