namespace PhoneAuth.Domain.VerificationCodes;

/// <content>
/// The text that brings the live code to the phone. The row is the queue that it waits in: whoever sends it holds it until
/// <see cref="SendAfter"/>, and whoever finds that time past may take it over.
/// </content>
public sealed partial class VerificationCode
{
    /// <summary>The longest <see cref="Gateway"/>, in characters.</summary>
    public const int MaxGatewayLength = 32;

    /// <summary>The last text's id, the same on every try; null when the last code needed no text, or was withdrawn.</summary>
    public Guid? MessageId { get; private set; }

    /// <summary>The text, sealed; null as soon as it need not be sent.</summary>
    public byte[]? SealedText { get; private set; }

    /// <summary>From then on whoever comes first sends it, UTC; null when there is nothing to send.</summary>
    public DateTimeOffset? SendAfter { get; private set; }

    /// <summary>How far the last text has come; null when there was none.</summary>
    public Delivery? Delivery { get; private set; }

    /// <summary>The gateway that took it, or the last that did not; null when none was asked yet.</summary>
    public string? Gateway { get; private set; }

    /// <summary>How often a gateway was asked to take it.</summary>
    public int Tries { get; private set; }

    /// <summary>The gateways that will not take it, with commas between; null when there is none.</summary>
    public string? RefusedBy { get; private set; }

    /// <summary>Queues the text of the code that was just issued, in the hands of whoever queues it.</summary>
    /// <param name="text">The text.</param>
    public void Queue(QueuedText text)
    {
        ArgumentNullException.ThrowIfNull(text);
        (MessageId, SealedText, SendAfter, Delivery) = (text.MessageId, text.Sealed, text.HeldUntil, VerificationCodes.Delivery.Queued);
    }

    /// <summary>What need not be sent is not kept. Its id and its state are: it may just have been sent.</summary>
    private void WipeText() => (SealedText, SendAfter) = (null, null);

    private void ForgetText()
    {
        WipeText();
        (MessageId, Delivery, Gateway, Tries, RefusedBy) = (null, null, null, 0, null);
    }
}

/// <summary>How far a text has come.</summary>
public enum Delivery
{
    /// <summary>No gateway has taken it yet; it is tried as long as the code lives.</summary>
    Queued = 0,

    /// <summary>A gateway has taken it.</summary>
    Sent = 1,

    /// <summary>It has reached the phone, as the gateway says.</summary>
    Delivered = 2,

    /// <summary>No gateway took it while the code lived, or the gateway that did says that it did not reach the phone.</summary>
    Failed = 3,
}

/// <summary>A text on its way, as the row keeps it.</summary>
/// <param name="MessageId">The same on every try.</param>
/// <param name="Sealed">All that is needed to send it, sealed.</param>
/// <param name="HeldUntil">Until then it is the sender's who queued it, UTC.</param>
public sealed record QueuedText(Guid MessageId, byte[] Sealed, DateTimeOffset HeldUntil);
