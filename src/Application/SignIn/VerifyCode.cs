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
        var guesses = hasher.Candidates(HashPurpose.VerificationCode, phoneNumber.E164 + code);
        var spentHashes = hasher.Candidates(HashPurpose.SpentActivation, phoneNumber.E164);
        Decision? made = null;
        var number = codes.HoldForSignIn(phoneNumber, spentHashes, addresses.NetworkForGuess);
        await unitOfWork.SaveAsync(number, found => made = Decide(phoneNumber, guesses, command.DeviceName, found), cancellationToken);
        if (made!.Locked is { } locked)
        {
            telemetry.NumberLocked(phoneNumber.CountryCode, forGood: locked.RetryAt is null);
        }

        if (made.Proof is not var (verification, user, isNewUser, opened, wasSent, now))
        {
            return made.Refusal!;
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

    private Decision Decide(PhoneNumber phoneNumber, IReadOnlyCollection<byte[]> guesses, string? deviceName, NumberAtSignIn found)
    {
        var now = clock.UtcNow();
        if (addresses.MayGuess(found.Address, now) is { } tooMany)
        {
            return new Decision(tooMany);
        }

        if (found.Code is not { } verification)
        {
            return new Decision(VerificationCodeErrors.Expired);
        }

        if (verification.Guess(guesses, now, policy).Error is { } wrong)
        {
            if (wrong.AttemptsLeft is null)
            {
                return new Decision(wrong);
            }

            addresses.CountFailure(found.Address, now);
            return new Decision(wrong, Locked: verification.Barred(now, policy));
        }

        if (found.User?.BlockedAt is not null)
        {
            return new Decision(UserErrors.Blocked);
        }

        var wasSent = testNumbers.CodeOf(phoneNumber, now) is null;
        if (wasSent)
        {
            addresses.CountVerified(found.Address, now);
        }

        var user = found.User;
        if (user is null)
        {
            users.Add(user = User.Register(phoneNumber, random.InviteCode(), found.ActivationSpent, now));
        }

        return new Decision(null, null, new Proof(verification, user, found.User is null, sessions.Open(user, deviceName, now), wasSent, now));
    }

    /// <summary>What becomes of a guess: a refusal, with the lock that it has brought about, or a proof.</summary>
    private sealed record Decision(Error? Refusal, Error? Locked = null, Proof? Proof = null);

    private sealed record Proof(VerificationCode Verification, User User, bool IsNewUser, OpenedSession Opened, bool WasSent, DateTimeOffset Now);
}
