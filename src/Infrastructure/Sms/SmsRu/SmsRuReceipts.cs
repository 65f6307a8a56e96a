using System.Security.Cryptography;
using System.Text;
using PhoneAuth.Infrastructure.Sms.Receipts;

namespace PhoneAuth.Infrastructure.Sms.SmsRu;

/// <summary>
/// The callback of SMS.ru (https://sms.ru/api/cb): up to a hundred entries <c>data[…]</c> of lines (kind, id, status, time), and <c>hash</c>, the
/// SHA-256 in hex of the <c>api_id</c> and all entries. It wants to hear <c>100</c>.
/// </summary>
internal sealed class SmsRuReceipts(SmsRuSmsOptions options, SmsOptions sms) : IReceiptReader
{
    private const string Understood = "100";

    public string Gateway => SmsRuSmsGateway.GatewayName;

    public bool IsOn => sms.Uses(Gateway);

    public ReceiptReading Read(ReceiptRequest request)
    {
        if (request.Form is not { } form)
        {
            return ReceiptReading.NotAuthentic;
        }

        var entries = form.Where(field => field.Key.StartsWith("data[", StringComparison.Ordinal)).Select(field => field.Value).ToList();
        var hash = form.FirstOrDefault(field => field.Key is "hash").Value;
        return ReceiptReading.Same(hash, Sign(options.ApiId!, entries))
            ? ReceiptReading.Of(Understood, [.. entries.Select(entry => entry.Split('\n')).Where(lines => lines is ["sms_status", _, _, ..]).Select(lines => (lines[1].Trim(), Fate(lines[2].Trim())))])
            : ReceiptReading.NotAuthentic;
    }

    internal static string Sign(string apiId, IEnumerable<string> entries) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(apiId + string.Concat(entries))));

    private static bool? Fate(string status) => status switch
    {
        "103" or "110" => true,
        "104" or "105" or "106" or "107" or "108" or "150" => false,
        _ => null,
    };
}
