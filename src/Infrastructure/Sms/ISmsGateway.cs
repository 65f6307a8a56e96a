using PhoneAuth.Domain.PhoneNumbers;

namespace PhoneAuth.Infrastructure.Sms;

/// <summary>Takes texts to phones.</summary>
public interface ISmsGateway
{
    /// <summary>The name that <c>Sms:Provider</c> knows it by.</summary>
    string Name { get; }

    /// <summary>Sends one text, and returns when the gateway has taken it.</summary>
    /// <param name="message">The text.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task SendAsync(SmsMessage message, CancellationToken cancellationToken);
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
