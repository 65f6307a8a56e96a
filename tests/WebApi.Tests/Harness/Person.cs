using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace PhoneAuth.WebApi.Tests.Harness;

/// <summary>Somebody who is signed in.</summary>
internal sealed record Person(string PhoneNumber, HttpClient Client, JsonElement SignIn)
{
    public string AccessToken => SignIn.Text("accessToken");

    public string RefreshToken => SignIn.Text("refreshToken");

    public Guid UserId => Guid.Parse(Jwt.Payload(AccessToken).Text("sub"));

    public Guid SessionId => Guid.Parse(Jwt.Payload(AccessToken).Text("sid"));

    public string InviteCode => SignIn.GetProperty("profile").Text("inviteCode");

    public string ProfilePath => "/profile/" + PhoneNumber;

    public Task<Answer> ProfileAsync() => Client.ReadAsync(HttpMethod.Get, ProfilePath);

    public Task<Answer> ActivateAsync(string inviteCode) => Client.PostAsync(ProfilePath, new { inviteCode });
}

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
    public static string NewNumber() => "+7900" + Interlocked.Increment(ref people).ToString("0000000", System.Globalization.CultureInfo.InvariantCulture);

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

    public static string Local(int port) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}");

    /// <summary>Has a code sent and reads it.</summary>
    public static async Task<string> RequestCodeAsync(this Api api, string phoneNumber)
    {
        var sent = await api.Client.SendCodeAsync(phoneNumber);
        Assert.That(sent.Status, Is.EqualTo(HttpStatusCode.Accepted), sent.Body);
        return (await api.Inbox.NextAsync(phoneNumber)).Code;
    }

    /// <summary>A whole second as the contract writes it.</summary>
    public static string Utc(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>A code that is not this one.</summary>
    public static string Wrong(string code) => (code[0] == '9' ? '0' : (char)(code[0] + 1)) + code[1..];

    public static async Task<Person> SignInAsync(this Api api, string? phoneNumber = null, string? deviceName = null)
    {
        phoneNumber ??= NewNumber();
        var code = await api.RequestCodeAsync(phoneNumber);
        var answer = await api.Client.VerifyCodeAsync(phoneNumber, code, deviceName);
        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK), answer.Body);
        return new Person(phoneNumber, api.ClientWith(answer.Json.Text("accessToken")), answer.Json);
    }

    public static HttpClient ClientWith(this Api api, string accessToken)
    {
        var client = api.CreateClient();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", accessToken);
        return client;
    }

    public static Task<Answer> PostAsync(this HttpClient client, string path, object? body = null) =>
        client.ReadAsync(HttpMethod.Post, path, body is null ? null : JsonContent(JsonSerializer.Serialize(body)));

    /// <summary>Posts as a peer with this address would.</summary>
    public static Task<Answer> PostFromAsync(this HttpClient client, string address, string path, object body, params (string Name, string Value)[] headers) =>
        client.ReadAsync(HttpMethod.Post, path, JsonContent(JsonSerializer.Serialize(body)), [(Api.AddressHeader, address), .. headers]);

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

    private static StringContent JsonContent(string json) => new(json, System.Text.Encoding.UTF8, "application/json");
}
