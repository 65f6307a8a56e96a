using System.Text.Json;
using PhoneAuth.Infrastructure.Sms.Receipts;

namespace PhoneAuth.Infrastructure.Sms.Webhook;

/// <summary>
/// What the receiver of our texts reports of them: <c>{ "id", "status": "delivered" or "failed" }</c> with the text's own id, signed with the same secret
/// as the texts are.
/// </summary>
internal sealed class WebhookReceipts(WebhookSmsOptions options, SmsOptions sms, TimeProvider clock) : IReceiptReader
{
    private readonly WebhookSignature? signature = WebhookSignature.Of(options.Secret);

    public string Gateway => WebhookSmsGateway.GatewayName;

    public bool IsOn => sms.Uses(Gateway);

    public ReceiptReading Read(ReceiptRequest request)
    {
        var authentic = signature!.Verify(
            request.Header(WebhookSignature.IdHeader),
            request.Header(WebhookSignature.TimestampHeader),
            request.Header(WebhookSignature.SignatureHeader),
            request.Body.Span,
            clock.GetUtcNow());
        if (!authentic)
        {
            return ReceiptReading.NotAuthentic;
        }

        try
        {
            using var document = JsonDocument.Parse(request.Body);
            return document.RootElement is { ValueKind: JsonValueKind.Object } receipt
                && receipt.TryGetProperty("id", out var id) && id.ValueKind == JsonValueKind.String
                && receipt.TryGetProperty("status", out var status) && status.ValueKind == JsonValueKind.String
                ? ReceiptReading.Of("", (id.GetString(), status.GetString() switch { "delivered" => true, "failed" => false, _ => null }))
                : ReceiptReading.Unreadable;
        }
        catch (JsonException)
        {
            return ReceiptReading.Unreadable;
        }
    }
}
