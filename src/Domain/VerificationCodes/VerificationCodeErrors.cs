namespace PhoneAuth.Domain.VerificationCodes;

/// <summary>Why a code is not sent or not accepted.</summary>
public static class VerificationCodeErrors
{
    /// <summary>What is said of a code that has not as many digits as a code has.</summary>
    public const string MalformedMessage = "Type the digits of the code, all of them and nothing else.";

    /// <summary>No live code: never sent, expired, used, replaced or out of guesses.</summary>
    public static readonly Error Expired = new(ErrorKind.Unprocessable, "code_expired", "This code is no longer valid; ask for a new one.");

    /// <summary>Too many wrong codes without a success: only an operator can unlock the number.</summary>
    public static readonly Error Disabled =
        new(ErrorKind.Forbidden, "phone_disabled", "This number is locked after too many wrong codes; ask support to unlock it.");

    /// <summary>The number's country code is not on the allow list.</summary>
    public static readonly Error CountryNotSupported =
        new(ErrorKind.Unprocessable, "country_not_supported", "Codes are not sent to numbers of this country.");

    /// <summary>A wrong code.</summary>
    /// <param name="attemptsLeft">How many guesses this code still has.</param>
    public static Error Invalid(int attemptsLeft) => new(ErrorKind.Unprocessable, "code_invalid", "The code is wrong.") { AttemptsLeft = attemptsLeft };

    /// <summary>Too many wrong codes for this number.</summary>
    /// <param name="retryAt">When the lock ends.</param>
    public static Error Locked(DateTimeOffset retryAt) =>
        new(ErrorKind.TooManyRequests, "phone_locked", "Too many wrong codes for this number; try again later.") { RetryAt = retryAt };

    /// <summary>The wait since the last send has not passed.</summary>
    /// <param name="retryAt">When it has.</param>
    /// <param name="delivery">How far the live code's text has come; null where no code is live, or it needs no text.</param>
    public static Error ResendTooSoon(DateTimeOffset retryAt, Delivery? delivery) =>
        new(ErrorKind.TooManyRequests, "resend_too_soon", "A code was sent a moment ago; wait before asking for another.") { RetryAt = retryAt, Delivery = delivery };

    /// <summary>The hourly or daily limit of this number.</summary>
    /// <param name="retryAt">When the limit that was hit has room again.</param>
    public static Error SendLimitReached(DateTimeOffset retryAt) =>
        new(ErrorKind.TooManyRequests, "send_limit_reached", "Too many codes were sent to this number; try again later.") { RetryAt = retryAt };
}
