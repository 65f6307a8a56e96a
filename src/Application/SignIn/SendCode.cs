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

        var now = clock.UtcNow();
        var fixedCode = testNumbers.CodeOf(phoneNumber, now);
        using var permit = fixedCode is null ? await permits.AskAsync(phoneNumber.CountryCode, cancellationToken) : null;
        var verification = await codes.LockAsync(phoneNumber, cancellationToken);
        if (verification is null)
        {
            codes.Add(verification = VerificationCode.Begin(phoneNumber));
        }

        var resendAt = now;
        (CodeMessage Message, QueuedText Queued)? text = null;
        if (permit is null)
        {
            if (verification.IssueFixed(Hash(phoneNumber, fixedCode!), now, policy).Error is { } barred)
            {
                return barred;
            }
        }
        else
        {
            if (verification.MaySend(now, policy).Error is { } refused)
            {
                return refused;
            }

            if (await addresses.CountSendAsync(permit, now, cancellationToken) is { } tooMany)
            {
                return tooMany;
            }

            var code = random.Digits(policy.CodeLength);
            resendAt = verification.Issue(Hash(phoneNumber, code), now, policy);
            var message = new CodeMessage(Guid.CreateVersion7(now), phoneNumber, code, caller.Language, command.AndroidAppHash, now + policy.Lifetime);
            var queued = sender.Seal(message, now);
            verification.Queue(queued);
            text = (message, queued);
        }

        if (!await unitOfWork.SaveAsync(cancellationToken))
        {
            permit?.Dispose();
            return await Handle(command, cancellationToken);
        }

        permit?.Use();
        if (text is { } recorded)
        {
            sender.Send(recorded.Message, recorded.Queued);
        }

        return new SendCodeResponse(phoneNumber.E164, policy.CodeLength, now + policy.Lifetime, resendAt);
    }

    private byte[] Hash(PhoneNumber phoneNumber, string code) => hasher.Hash(HashPurpose.VerificationCode, phoneNumber.E164 + code);
}
