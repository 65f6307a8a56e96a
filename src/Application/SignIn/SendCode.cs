using System.Text.Json.Serialization;
using FluentValidation;
using MediatR;
using PhoneAuth.Application.Abstractions;
using PhoneAuth.Domain;
using PhoneAuth.Domain.PhoneNumbers;
using PhoneAuth.Domain.VerificationCodes;

namespace PhoneAuth.Application.SignIn;

/// <summary>Sends a fresh code to a number.</summary>
/// <param name="PhoneNumber">The number, in any spelling.</param>
/// <param name="AndroidAppHash">The 11 characters that the text ends with, for Android to hand it to the app (SMS Retriever); or null.</param>
public sealed record SendCodeCommand(
    string? PhoneNumber,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? AndroidAppHash = null) : IRequest<Result<SendCodeResponse>>;

/// <summary>A code is on its way.</summary>
/// <param name="PhoneNumber">The number in E.164.</param>
/// <param name="CodeLength">How many digits the code has.</param>
/// <param name="ExpiresAt">When the code's life ends, UTC.</param>
/// <param name="ResendAt">When another may be asked for, UTC.</param>
public sealed record SendCodeResponse(string PhoneNumber, int CodeLength, DateTimeOffset ExpiresAt, DateTimeOffset ResendAt);

internal sealed class SendCodeValidator : AbstractValidator<SendCodeCommand>
{
    public SendCodeValidator(PhoneNumberPolicy numbers)
    {
        RuleFor(command => command.PhoneNumber).IsPhoneNumber(numbers);
        RuleFor(command => command.AndroidAppHash).IsAppHash();
    }
}

internal sealed class SendCodeHandler(
    IVerificationCodeRepository codes,
    AddressLimits addresses,
    SendPermits permits,
    IUnitOfWork unitOfWork,
    IKeyedHasher hasher,
    IRandomSource random,
    ICodeSender sender,
    ICaller caller,
    TestNumbers testNumbers,
    PhoneNumberPolicy numbers,
    VerificationPolicy policy,
    TimeProvider clock) : IRequestHandler<SendCodeCommand, Result<SendCodeResponse>>
{
    public async Task<Result<SendCodeResponse>> Handle(SendCodeCommand command, CancellationToken cancellationToken)
    {
        var phoneNumber = PhoneNumber.Parse(command.PhoneNumber, numbers.DefaultCountryCode).Value!;
        if (!numbers.Allows(phoneNumber))
        {
            return VerificationCodeErrors.CountryNotSupported;
        }

        var fixedCode = testNumbers.CodeOf(phoneNumber, clock.UtcNow());
        using var permit = fixedCode is null ? await permits.AskAsync(phoneNumber.CountryCode, cancellationToken) : null;
        Result<Issued>? issued = null;
        await unitOfWork.SaveAsync(
            codes.HoldForSend(phoneNumber, permit is null ? null : addresses.NetworkForSend),
            found => issued = permit is null ? IssueFixed(phoneNumber, fixedCode!, found) : Issue(phoneNumber, command.AndroidAppHash, permit, found),
            cancellationToken);
        if (issued!.Error is { } refused)
        {
            return refused;
        }

        var (now, resendAt, text) = issued.Value!;
        permit?.Use();
        if (text is var (message, queued))
        {
            sender.Send(message, queued);
        }

        return new SendCodeResponse(phoneNumber.E164, policy.CodeLength, now + policy.Lifetime, resendAt);
    }

    private Result<Issued> IssueFixed(PhoneNumber phoneNumber, string code, NumberAtSend found)
    {
        var now = clock.UtcNow();
        var verification = found.Code ?? VerificationCode.Begin(phoneNumber);
        return verification.IssueFixed(Hash(phoneNumber, code), now, policy).Error is { } barred
            ? barred
            : Keep(verification, found, new Issued(now, now, null));
    }

    private Result<Issued> Issue(PhoneNumber phoneNumber, string? androidAppHash, SendPermits.SendPermit permit, NumberAtSend found)
    {
        var now = clock.UtcNow();
        var verification = found.Code ?? VerificationCode.Begin(phoneNumber);
        if ((verification.MaySend(now, policy).Error ?? addresses.CountSend(found.Address, permit, now)) is { } refused)
        {
            return refused;
        }

        var code = random.Digits(policy.CodeLength);
        var resendAt = verification.Issue(Hash(phoneNumber, code), now, policy);
        var message = new CodeMessage(Guid.CreateVersion7(now), phoneNumber, code, caller.Language, androidAppHash, now + policy.Lifetime);
        var queued = sender.Seal(message, now);
        verification.Queue(queued);
        return Keep(verification, found, new Issued(now, resendAt, (message, queued)));
    }

    private Issued Keep(VerificationCode verification, NumberAtSend found, Issued issued)
    {
        if (found.Code is null)
        {
            codes.Add(verification);
        }

        return issued;
    }

    private byte[] Hash(PhoneNumber phoneNumber, string code) => hasher.Hash(HashPurpose.VerificationCode, phoneNumber.E164 + code);

    /// <summary>A code that is issued, and the text with it unless it is fixed.</summary>
    private sealed record Issued(DateTimeOffset Now, DateTimeOffset ResendAt, (CodeMessage Message, QueuedText Queued)? Text);
}
