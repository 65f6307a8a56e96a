using System.Security.Cryptography;
using System.Text;
using PhoneAuth.Infrastructure.Sms.Receipts;

namespace PhoneAuth.Infrastructure.Sms.Smsc;

/// <summary>
/// The callback of SMSC (https://smsc.ru/api/http/miscellaneous/callback/): a text's <c>id</c>, <c>phone</c> and <c>status</c>, and the hashes in hex of
/// these three and a secret, joined by colons, in <c>md5</c> and <c>sha1</c>.
/// </summary>
internal sealed class SmscReceipts(SmscSmsOptions options, SmsOptions sms) : IReceiptReader
{
    private const string Understood = "OK";

    public string Gateway => SmscSmsGateway.GatewayName;

    public bool IsOn => sms.Uses(Gateway) && !string.IsNullOrEmpty(options.ReceiptSecret);

    public ReceiptReading Read(ReceiptRequest request)
    {
        if (request.Form is not { } form)
        {
            return ReceiptReading.NotAuthentic;
        }

        string? Field(string name) => form.FirstOrDefault(field => string.Equals(field.Key, name, StringComparison.Ordinal)).Value;

        var (id, status) = (Field("id"), Field("status"));
        var signed = Encoding.UTF8.GetBytes($"{id}:{Field("phone")}:{status}:{options.ReceiptSecret}");
#pragma warning disable CA5350, CA5351 // These two are what SMSC signs with; a secret that they hash last is not forged by what breaks them elsewhere.
        var authentic = ReceiptReading.Same(Field("sha1"), Convert.ToHexStringLower(SHA1.HashData(signed)))
            | ReceiptReading.Same(Field("md5"), Convert.ToHexStringLower(MD5.HashData(signed)));
#pragma warning restore CA5350, CA5351
        return authentic ? ReceiptReading.Of(Understood, (id, Fate(status))) : ReceiptReading.NotAuthentic;
    }

    private static bool? Fate(string? status) => status switch
    {
        "1" or "2" or "4" => true,
        "3" or "20" or "22" or "23" or "24" or "25" => false,
        _ => null,
    };
}
