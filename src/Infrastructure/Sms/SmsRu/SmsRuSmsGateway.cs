using System.Globalization;
using System.Text.Json;
using PhoneAuth.Infrastructure.Sms.Http;

namespace PhoneAuth.Infrastructure.Sms.SmsRu;

/// <summary>
/// SMS.ru, as https://sms.ru/api/send and its list of codes have it. HTTP says 200 whatever happens: <c>status_code</c> tells, first of the request
/// (200 is a wrong <c>api_id</c>, 201 an empty account), then of the number (202 is a wrong one, 207 has no route).
/// </summary>
internal sealed class SmsRuSmsGateway(SmsRuSmsOptions options, IHttpClientFactory clients, TimeProvider clock) : ISmsGateway
{
    public const string GatewayName = "SmsRu";

    private const int Taken = 100;
    private const double LongestLifeInMinutes = 1440;

    private readonly GatewayClient client = new(GatewayName, clients, options.Timeout, clock);

    public string Name => GatewayName;

    public bool IsAvailable => client.IsAvailable;

    public Task<SmsOutcome> SendAsync(SmsMessage message, CancellationToken cancellationToken) =>
        client.SendAsync(() => Request(message), ReadAsync, cancellationToken);

    private HttpRequestMessage Request(SmsMessage message)
    {
        var life = Math.Clamp(Math.Ceiling((message.ExpiresAt - clock.GetUtcNow()).TotalMinutes), 1, LongestLifeInMinutes);
        var fields = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["api_id"] = options.ApiId!,
            ["to"] = message.PhoneNumber.E164.TrimStart('+'),
            ["msg"] = message.Text,
            ["ttl"] = life.ToString(CultureInfo.InvariantCulture),
            ["json"] = "1",
        };
        if (!string.IsNullOrWhiteSpace(options.From))
        {
            fields["from"] = options.From;
        }

        return new HttpRequestMessage(HttpMethod.Post, options.BaseUrl.TrimEnd('/') + "/sms/send?json=1") { Content = new FormUrlEncodedContent(fields) };
    }

    private async Task<SmsOutcome> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (!response.IsSuccessStatusCode)
        {
            return client.Unsuccessful(response);
        }

        if (await GatewayClient.ReadJsonAsync(response, cancellationToken) is not { } answer || Code(answer) is not { } code)
        {
            return SmsOutcome.TryLater("an answer that is not SMS.ru's");
        }

        if (code != Taken)
        {
            return NotTaken(code);
        }

        // One number was asked for, so there is one answer, under the number.
        return answer.TryGetProperty("sms", out var all) && all.ValueKind == JsonValueKind.Object && all.EnumerateObject().FirstOrDefault().Value is { ValueKind: JsonValueKind.Object } own
                && Code(own) is { } ownCode
            ? ownCode == Taken ? SmsOutcome.Accepted(own.TryGetProperty("sms_id", out var id) ? id.GetString() : null) : NotTaken(ownCode)
            : SmsOutcome.TryLater("an answer that is not SMS.ru's");
    }

    // 220 is a service that is away for now, 231 the same text within a minute, 5xx a fault on their side; 5xx from 501 on is about callers' addresses.
    private static SmsOutcome NotTaken(int code) => code is 220 or 231 or 500 ? SmsOutcome.TryLater($"status {code}") : SmsOutcome.Refused($"status {code}");

    private static int? Code(JsonElement element) =>
        element.TryGetProperty("status_code", out var code) && code.ValueKind == JsonValueKind.Number && code.TryGetInt32(out var number) ? number : null;
}
