using System.Security.Cryptography;
using System.Text;
using PhoneAuth.Infrastructure.Sms.Receipts;

namespace PhoneAuth.Infrastructure.Sms.Twilio;

/// <summary>
/// Twilio's status callbacks (https://www.twilio.com/docs/messaging/guides/track-outbound-message-status), signed as
/// https://www.twilio.com/docs/usage/security has it: the HMAC-SHA1, under the account's token, of the URL and the fields sorted by name.
/// </summary>
internal sealed class TwilioReceipts(TwilioSmsOptions options, ReceiptOptions receipts, SmsOptions sms) : IReceiptReader
{
    public string Gateway => TwilioSmsGateway.GatewayName;

    public bool IsOn => sms.Uses(Gateway) && receipts.PublicUrl is not null && !string.IsNullOrEmpty(options.AuthToken);

    public ReceiptReading Read(ReceiptRequest request)
    {
        if (request.Form is not { } form || !Signed(form, request.Header("X-Twilio-Signature")))
        {
            return ReceiptReading.NotAuthentic;
        }

        return ReceiptReading.Of("", (form.FirstOrDefault(field => field.Key is "MessageSid").Value, form.FirstOrDefault(field => field.Key is "MessageStatus").Value switch
        {
            "delivered" or "read" => true,
            "undelivered" or "failed" or "canceled" => false,
            _ => null,
        }));
    }

    internal static string Sign(string url, IEnumerable<KeyValuePair<string, string>> form, string token)
    {
        var signed = new StringBuilder(url);
        foreach (var (name, value) in form.Distinct().OrderBy(field => field.Key, StringComparer.Ordinal).ThenBy(field => field.Value, StringComparer.Ordinal))
        {
            signed.Append(name).Append(value);
        }

#pragma warning disable CA5350 // What Twilio signs with.
        return Convert.ToBase64String(HMACSHA1.HashData(Encoding.UTF8.GetBytes(token), Encoding.UTF8.GetBytes(signed.ToString())));
#pragma warning restore CA5350
    }

    private bool Signed(IReadOnlyList<KeyValuePair<string, string>> form, string? signature) =>
        ReceiptReading.Same(signature, Sign(receipts.AddressFor(Gateway)!, form, options.AuthToken!));
}
