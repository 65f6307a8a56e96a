using PhoneAuth.Domain.PhoneNumbers;
using PhoneAuth.Domain.VerificationCodes;

namespace PhoneAuth.Application.Abstractions;

/// <summary>Brings codes to phones, behind the answer.</summary>
public interface ICodeSender
{
    /// <summary>Makes of a code what its row keeps until it is sent: whoever finds it there can send it, should this instance not live to.</summary>
    /// <param name="message">The code on its way.</param>
    /// <param name="now">Now, in UTC.</param>
    QueuedText Seal(CodeMessage message, DateTimeOffset now);

    /// <summary>Hands over a code that is durably recorded. Returns at once.</summary>
    /// <param name="message">The code on its way.</param>
    /// <param name="queued">What its row keeps.</param>
    void Send(CodeMessage message, QueuedText queued);
}

/// <summary>A code on its way to a phone.</summary>
/// <param name="Id">The same on every try, so that a receiver can drop doubles.</param>
/// <param name="PhoneNumber">Where it goes.</param>
/// <param name="Code">The code.</param>
/// <param name="Language">The language of its text, <c>en</c> or <c>ru</c>.</param>
/// <param name="AndroidAppHash">The 11 characters by which Android hands the text to the app that asked for it; null where none did.</param>
/// <param name="ExpiresAt">When it is worth nothing any longer, UTC.</param>
public sealed record CodeMessage(Guid Id, PhoneNumber PhoneNumber, string Code, string Language, string? AndroidAppHash, DateTimeOffset ExpiresAt)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Id} to {PhoneNumber}";
}
