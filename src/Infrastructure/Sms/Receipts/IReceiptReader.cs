using System.Security.Cryptography;
using System.Text;

namespace PhoneAuth.Infrastructure.Sms.Receipts;

/// <summary>Reads what one gateway posts to <c>/sms/receipts/…</c>, and knows it from what anybody else posts there.</summary>
public interface IReceiptReader
{
    /// <summary>The gateway's name.</summary>
    string Gateway { get; }

    /// <summary>Whether texts go to this gateway and its receipts can be told from others'; where not, there is no such address.</summary>
    bool IsOn { get; }

    /// <summary>Reads a request.</summary>
    /// <param name="request">What was posted.</param>
    ReceiptReading Read(ReceiptRequest request);
}

/// <summary>What somebody posted.</summary>
/// <param name="Header">A header's value by its name; null where it is missing.</param>
/// <param name="Body">The body as it came.</param>
/// <param name="Form">The body's fields in their order; null where it is not a form.</param>
public sealed record ReceiptRequest(Func<string, string?> Header, ReadOnlyMemory<byte> Body, IReadOnlyList<KeyValuePair<string, string>>? Form);

/// <summary>What a request turned out to be.</summary>
/// <param name="IsAuthentic">Whether it is from the gateway.</param>
/// <param name="Receipts">The fates that it reports and that are final; null where it is the gateway's and yet cannot be read.</param>
/// <param name="Answer">What the gateway wants to hear.</param>
public sealed record ReceiptReading(bool IsAuthentic, IReadOnlyCollection<SmsReceipt>? Receipts, string Answer)
{
    internal static readonly ReceiptReading NotAuthentic = new(IsAuthentic: false, [], "");

    internal static readonly ReceiptReading Unreadable = new(IsAuthentic: true, Receipts: null, "");

    /// <summary>Keeps the fates that are final, of texts that could be ours.</summary>
    /// <param name="answer">What the gateway wants to hear.</param>
    /// <param name="fates">Ids, and whether the text was delivered; null where that is not decided yet.</param>
    internal static ReceiptReading Of(string answer, params (string? Id, bool? Delivered)[] fates) => new(
        IsAuthentic: true,
        [.. from fate in fates where fate is { Id.Length: > 0 and <= SmsReceipt.MaxIdLength, Delivered: not null } select new SmsReceipt(fate.Id!, fate.Delivered!.Value)],
        answer);

    /// <summary>Whether a signature is the expected one, in a time that does not tell how much of it is.</summary>
    internal static bool Same(string? signature, string expected) =>
        signature is not null && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(signature), Encoding.UTF8.GetBytes(expected));
}
