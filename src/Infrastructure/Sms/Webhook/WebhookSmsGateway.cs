using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Encodings.Web;
using System.Text.Json;
using PhoneAuth.Infrastructure.Sms.Http;

namespace PhoneAuth.Infrastructure.Sms.Webhook;

/// <summary>Posts each text to a receiver of one's own, signed after the Standard Webhooks specification.</summary>
internal sealed class WebhookSmsGateway(WebhookSmsOptions options, IHttpClientFactory clients, TimeProvider clock) : ISmsGateway
{
    public const string GatewayName = "Webhook";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly GatewayClient client = new(GatewayName, clients, options.Timeout, clock);
    private readonly WebhookSignature? signature = WebhookSignature.Of(options.Secret);

    public string Name => GatewayName;

    public bool IsAvailable => client.IsAvailable;

    public Task<SmsOutcome> SendAsync(SmsMessage message, CancellationToken cancellationToken)
    {
        var id = message.Id.ToString();
        var body = JsonSerializer.SerializeToUtf8Bytes(
            new Payload(id, message.PhoneNumber.E164, message.Text, message.Code, message.Language, Utc(message.ExpiresAt)), Json);
        return client.SendAsync(
            () => Request(id, body),
            (response, _) => Task.FromResult(response.IsSuccessStatusCode ? SmsOutcome.Accepted(id) : client.Unsuccessful(response)),
            cancellationToken);
    }

    private HttpRequestMessage Request(string id, byte[] body)
    {
        var timestamp = clock.GetUtcNow().ToUnixTimeSeconds();
        return new HttpRequestMessage(HttpMethod.Post, options.Url)
        {
            Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
            Headers =
            {
                { WebhookSignature.IdHeader, id },
                { WebhookSignature.TimestampHeader, timestamp.ToString(CultureInfo.InvariantCulture) },
                { WebhookSignature.SignatureHeader, signature!.Sign(id, timestamp, body) },
            },
        };
    }

    private static string Utc(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'", CultureInfo.InvariantCulture);

    private sealed record Payload(string Id, string PhoneNumber, string Text, string Code, string Locale, string ExpiresAt);
}
