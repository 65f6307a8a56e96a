namespace PhoneAuth.Infrastructure.Sms;

/// <summary>Keeps what gateways report of texts that they have taken.</summary>
public interface IReceiptBook
{
    /// <summary>
    /// Records receipts durably. Each text's fate counts once: a receipt that comes again, or after another one for the same text, changes
    /// nothing. A receipt may be faster than our own record of the text, and waits for it then.
    /// </summary>
    /// <param name="gateway">The gateway's name.</param>
    /// <param name="receipts">What it reports; fates that are not final are left out by the caller.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>How many of them were news.</returns>
    Task<int> RecordAsync(string gateway, IReadOnlyCollection<SmsReceipt> receipts, CancellationToken cancellationToken);
}

/// <summary>What became of a text in the end.</summary>
/// <param name="GatewayMessageId">The gateway's own id of it, as in <see cref="SmsOutcome.GatewayMessageId"/>.</param>
/// <param name="Delivered">Whether it reached the phone.</param>
public sealed record SmsReceipt(string GatewayMessageId, bool Delivered)
{
    /// <summary>The longest <see cref="GatewayMessageId"/> that is kept.</summary>
    public const int MaxIdLength = 128;

    /// <summary>Whether an id is one that is kept: visible ASCII. Any other belongs to no text of ours.</summary>
    /// <param name="id">A gateway's id.</param>
    public static bool IsId(string? id) => id is { Length: > 0 and <= MaxIdLength } && !id.AsSpan().ContainsAnyExceptInRange('!', '~');
}
