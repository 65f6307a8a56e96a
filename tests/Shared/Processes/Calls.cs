using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace PhoneAuth.Testing;

/// <summary>What came back.</summary>
internal sealed record Answer(HttpStatusCode Status, JsonElement Json, string Body, HttpResponseHeaders Headers, HttpContentHeaders ContentHeaders)
{
    /// <summary>The word to switch on, of a problem.</summary>
    public string? Code => Json.ValueKind == JsonValueKind.Object && Json.TryGetProperty("code", out var code) ? code.GetString() : null;
}

/// <summary>The calls of the contract, in a test's words.</summary>
internal static class Calls
{
    private static int people;

    /// <summary>A number that nobody in this run has had.</summary>
    public static string NewNumber() => "+7900" + Interlocked.Increment(ref people).ToString("0000000", CultureInfo.InvariantCulture);

    public static Task<Answer> SendCodeAsync(this HttpClient client, string phoneNumber) => client.PostAsync("/send-code", new { phoneNumber });

    public static Task<Answer> VerifyCodeAsync(this HttpClient client, string phoneNumber, string code, string? deviceName = null) =>
        client.PostAsync("/verify-code", deviceName is null ? new { phoneNumber, code } : (object)new { phoneNumber, code, deviceName });

    /// <summary>Every call that asks who is calling, about this number and session.</summary>
    public static (HttpMethod Method, string Path)[] Protected(string phoneNumber, Guid sessionId) =>
    [
        (HttpMethod.Get, "/profile"), (HttpMethod.Get, "/profile/" + phoneNumber), (HttpMethod.Post, "/profile/" + phoneNumber),
        (HttpMethod.Post, $"/profile/{phoneNumber}/invite-code"), (HttpMethod.Get, $"/profile/{phoneNumber}/invited-users"),
        (HttpMethod.Delete, "/profile/" + phoneNumber), (HttpMethod.Post, "/sign-out"), (HttpMethod.Get, "/sessions"),
        (HttpMethod.Delete, "/sessions/" + sessionId), (HttpMethod.Delete, "/sessions"),
    ];

    public static string Local(int port) => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}");

    /// <summary>A whole second as the contract writes it.</summary>
    public static string Utc(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>A code that is not this one.</summary>
    public static string Wrong(string code) => (code[0] == '9' ? '0' : (char)(code[0] + 1)) + code[1..];

    public static Task<Answer> PostAsync(this HttpClient client, string path, object? body = null) =>
        client.ReadAsync(HttpMethod.Post, path, body is null ? null : JsonContent(JsonSerializer.Serialize(body)));

    public static Task<Answer> PostTextAsync(this HttpClient client, string path, string json) => client.ReadAsync(HttpMethod.Post, path, JsonContent(json));

    public static async Task<Answer> ReadAsync(this HttpClient client, HttpMethod method, string path, HttpContent? content = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await client.SendAsync(request);
        var body = await response.Content.ReadAsStringAsync();
        var isJson = response.Content.Headers.ContentType?.MediaType?.EndsWith("json", StringComparison.Ordinal) is true;
        return new Answer(response.StatusCode, isJson ? JsonDocument.Parse(body).RootElement : default, body, response.Headers, response.Content.Headers);
    }

    public static string Text(this JsonElement json, string member) => json.GetProperty(member).GetString()!;

    public static StringContent JsonContent(string json) => new(json, Encoding.UTF8, "application/json");
}
