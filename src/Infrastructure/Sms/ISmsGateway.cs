using PhoneAuth.Domain.PhoneNumbers;

namespace PhoneAuth.Infrastructure.Sms;

/// <summary>Takes texts to phones.</summary>
public interface ISmsGateway
{
    /// <summary>The name that <c>Sms:Provider</c> knows it by.</summary>
    string Name { get; }

    /// <summary>Whether it is worth trying just now; false where it failed so often lately that its breaker is open. It is passed over until then.</summary>
    bool IsAvailable => true;

    /// <summary>Hands one text to the gateway, and returns when it has answered. Whatever keeps it from answering comes back as an outcome too.</summary>
    /// <param name="message">The text.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<SmsOutcome> SendAsync(SmsMessage message, CancellationToken cancellationToken);
}

/// <summary>What became of handing a text to a gateway.</summary>
public enum SmsResult
{
    /// <summary>The gateway has taken it; from here on it is the gateway's to deliver.</summary>
    Accepted,

    /// <summary>Not now: a time-out, a broken connection, a gateway that is busy or broken. The same text may be tried again, here or elsewhere.</summary>
    TryLater,

    /// <summary>Not this text, or not with these credentials: here it is not worth another try; another gateway may take it.</summary>
    Refused,
}

/// <summary>What became of handing a text to a gateway.</summary>
/// <param name="Result">Taken, not now, or not at all.</param>
/// <param name="GatewayMessageId">The gateway's own id of an accepted text, which its receipts name; null where it gives none.</param>
/// <param name="RetryAfter">How long the gateway asks to be left alone; null where it does not say.</param>
/// <param name="Reason">Why it was not taken, for the log: a status or an error code, never the gateway's own words, which may repeat the text.</param>
public sealed record SmsOutcome(SmsResult Result, string? GatewayMessageId = null, TimeSpan? RetryAfter = null, string? Reason = null)
{
    /// <summary>The gateway has taken the text.</summary>
    /// <param name="gatewayMessageId">The gateway's own id of it.</param>
    public static SmsOutcome Accepted(string? gatewayMessageId = null) => new(SmsResult.Accepted, gatewayMessageId);

    /// <summary>Not now.</summary>
    /// <param name="reason">Why, for the log.</param>
    /// <param name="retryAfter">How long the gateway asks to be left alone.</param>
    public static SmsOutcome TryLater(string reason, TimeSpan? retryAfter = null) => new(SmsResult.TryLater, null, retryAfter, reason);

    /// <summary>Not at all.</summary>
    /// <param name="reason">Why, for the log.</param>
    public static SmsOutcome Refused(string reason) => new(SmsResult.Refused, Reason: reason);
}

/// <summary>A text for a phone.</summary>
/// <param name="Id">The same on every try.</param>
/// <param name="PhoneNumber">Where it goes.</param>
/// <param name="Text">What the phone shows.</param>
/// <param name="Code">The code in it.</param>
/// <param name="Language">Its language, <c>en</c> or <c>ru</c>.</param>
/// <param name="ExpiresAt">When it is worth nothing any longer, UTC.</param>
public sealed record SmsMessage(Guid Id, PhoneNumber PhoneNumber, string Text, string Code, string Language, DateTimeOffset ExpiresAt)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Id} to {PhoneNumber}";
}
