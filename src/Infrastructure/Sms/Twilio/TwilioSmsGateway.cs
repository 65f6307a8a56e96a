using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using PhoneAuth.Infrastructure.Sms.Http;
using PhoneAuth.Infrastructure.Sms.Receipts;

namespace PhoneAuth.Infrastructure.Sms.Twilio;

/// <summary>
/// Twilio's Messages resource, as https://www.twilio.com/docs/messaging/api/message-resource has it. Its errors are numbers
/// (https://www.twilio.com/docs/api/errors): 21211 is a wrong number, 21610 one that has opted out, 20003 wrong credentials.
/// </summary>
internal sealed class TwilioSmsGateway(TwilioSmsOptions options, ReceiptOptions receipts, IHttpClientFactory clients, TimeProvider clock) : ISmsGateway
{
    public const string GatewayName = "Twilio";

    /// <summary>The longest that Twilio keeps a text in its queue, in seconds.</summary>
    private const double LongestValidity = 36_000;

    private readonly GatewayClient client = new(GatewayName, clients, options.Timeout, clock);

    public string Name => GatewayName;

    public bool IsAvailable => client.IsAvailable;

    public Task<SmsOutcome> SendAsync(SmsMessage message, CancellationToken cancellationToken) =>
        client.SendAsync(() => Request(message), ReadAsync, cancellationToken);

    private HttpRequestMessage Request(SmsMessage message)
    {
        var validity = Math.Clamp(Math.Ceiling((message.ExpiresAt - clock.GetUtcNow()).TotalSeconds), 1, LongestValidity);
        var fields = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["To"] = message.PhoneNumber.E164,
            ["Body"] = message.Text,
            ["ValidityPeriod"] = validity.ToString(CultureInfo.InvariantCulture),
        };
        if (string.IsNullOrWhiteSpace(options.MessagingServiceSid))
        {
            fields["From"] = options.From!;
        }
        else
        {
            fields["MessagingServiceSid"] = options.MessagingServiceSid;
        }

        if (receipts.AddressFor(GatewayName) is { } address)
        {
            fields["StatusCallback"] = address;
        }

        return new HttpRequestMessage(HttpMethod.Post, $"{options.BaseUrl.TrimEnd('/')}/2010-04-01/Accounts/{Uri.EscapeDataString(options.AccountSid!)}/Messages.json")
        {
            Content = new FormUrlEncodedContent(fields),
            Headers = { Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(Credentials))) },
        };
    }

    private string Credentials => string.IsNullOrWhiteSpace(options.ApiKeySid) ? $"{options.AccountSid}:{options.AuthToken}" : $"{options.ApiKeySid}:{options.ApiKeySecret}";

    private async Task<SmsOutcome> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var answer = await GatewayClient.ReadJsonAsync(response, cancellationToken);
        if (!response.IsSuccessStatusCode)
        {
            return client.Unsuccessful(response, Number(answer, "code") is { } code ? $"error {code}" : null);
        }

        return Number(answer, "error_code") is { } error ? SmsOutcome.Refused($"error {error}")
            : answer?.TryGetProperty("sid", out var sid) is true && sid.GetString() is { Length: > 0 } id ? SmsOutcome.Accepted(id)
            : SmsOutcome.TryLater("an answer that is not Twilio's");
    }

    private static int? Number(JsonElement? answer, string member) =>
        answer?.TryGetProperty(member, out var value) is true && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) ? number : null;
}
