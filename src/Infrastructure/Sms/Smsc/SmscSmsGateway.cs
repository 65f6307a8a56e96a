using System.Text.Json;
using PhoneAuth.Infrastructure.Sms.Http;

namespace PhoneAuth.Infrastructure.Sms.Smsc;

/// <summary>
/// SMSC, as https://smsc.ru/api/http/send/sms/ has it. HTTP says 200 whatever happens: <c>error_code</c> tells (2 is wrong credentials, 3 an empty account,
/// 7 a wrong number; 4 is an address that is shut out for a while, 9 the same text within a minute or too many at once).
/// </summary>
internal sealed class SmscSmsGateway(SmscSmsOptions options, IHttpClientFactory clients, TimeProvider clock) : ISmsGateway
{
    public const string GatewayName = "Smsc";

    private readonly GatewayClient client = new(GatewayName, clients, options.Timeout, clock);

    public string Name => GatewayName;

    public bool IsAvailable => client.IsAvailable;

    public Task<SmsOutcome> SendAsync(SmsMessage message, CancellationToken cancellationToken) =>
        client.SendAsync(() => Request(message), ReadAsync, cancellationToken);

    private HttpRequestMessage Request(SmsMessage message)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["phones"] = message.PhoneNumber.E164.TrimStart('+'),
            ["mes"] = message.Text,
            ["charset"] = "utf-8",
            ["fmt"] = "3",
        };
        if (string.IsNullOrWhiteSpace(options.ApiKey))
        {
            (fields["login"], fields["psw"]) = (options.Login!, options.Password!);
        }
        else
        {
            fields["apikey"] = options.ApiKey;
        }

        if (!string.IsNullOrWhiteSpace(options.Sender))
        {
            fields["sender"] = options.Sender;
        }

        return new HttpRequestMessage(HttpMethod.Post, options.BaseUrl.TrimEnd('/') + "/sys/send.php") { Content = new FormUrlEncodedContent(fields) };
    }

    private async Task<SmsOutcome> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (!response.IsSuccessStatusCode)
        {
            return client.Unsuccessful(response);
        }

        return await GatewayClient.ReadJsonAsync(response, cancellationToken) switch
        {
            { } answer when answer.TryGetProperty("error_code", out var error) => NotTaken(error),
            { } answer when answer.TryGetProperty("id", out var id) && id.ValueKind is JsonValueKind.Number or JsonValueKind.String => SmsOutcome.Accepted(id.ToString()),
            _ => SmsOutcome.TryLater("an answer that is not SMSC's"),
        };
    }

    private static SmsOutcome NotTaken(JsonElement error)
    {
        var code = error.ValueKind == JsonValueKind.Number && error.TryGetInt32(out var number) ? number : 0;
        return code is 4 or 9 ? SmsOutcome.TryLater($"error {code}") : SmsOutcome.Refused($"error {code}");
    }
}
