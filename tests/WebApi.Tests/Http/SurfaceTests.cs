using System.Net;
using System.Net.Sockets;
using System.Text;
using PhoneAuth.Testing;
using PhoneAuth.WebApi.Tests.Harness;

namespace PhoneAuth.WebApi.Tests.Http;

/// <summary>What every answer tells a browser, whatever it answers.</summary>
[OnBothDatabases]
internal sealed class SurfaceTests(DatabaseKind kind) : ApiTest(kind)
{
    [Test]
    public async Task Every_kind_of_answer_carries_the_headers_of_the_contract()
    {
        var person = await Api.SignInAsync();
        foreach (var (answer, name, kept) in await EveryKindAsync(person))
        {
            string Header(string header) => answer.Headers.TryGetValues(header, out var values) ? string.Join(',', values)
                : answer.ContentHeaders.TryGetValues(header, out values) ? string.Join(',', values) : "";
            Assert.Multiple(() =>
            {
                Assert.That(Header("X-Content-Type-Options"), Is.EqualTo("nosniff"), name);
                Assert.That(Header("Referrer-Policy"), Is.EqualTo("no-referrer"), name);
                Assert.That(Header("X-Frame-Options"), Is.EqualTo("DENY"), name);
                Assert.That(Header("Content-Security-Policy"), Does.StartWith("default-src 'none'").And.Contain("frame-ancestors 'none'"), name);
                Assert.That(Header("Server") + Header("X-Powered-By") + Header("X-AspNet-Version"), Is.Empty, name);
                Assert.That(Header("Access-Control-Allow-Origin"), Is.Empty, name);
                Assert.That(Header("Set-Cookie"), Is.Empty, name);
                Assert.That(Header("Cache-Control"), kept ? Does.Not.Contain("no-store").And.Not.Empty : Is.EqualTo("no-store"), name);
                if (!name.StartsWith("page", StringComparison.Ordinal))
                {
                    Assert.That(Header("Content-Security-Policy"), Does.Not.Contain("script-src"), name);
                }
            });
        }
    }

    [Test]
    public async Task Scripts_on_pages_come_from_here_alone()
    {
        foreach (var page in new[] { "/", "/docs" })
        {
            var answer = await Client.ReadAsync(HttpMethod.Get, page);
            var policy = answer.Headers.GetValues("Content-Security-Policy").Single();
            Assert.That(policy, Does.Contain("script-src 'self';").And.Not.Contain("unsafe-eval").And.Not.Contain("http:").And.Not.Contain("https:").And.Not.Contain("*"), page);
        }
    }

    [Test]
    public async Task A_head_has_no_body_and_what_an_address_takes_is_said()
    {
        var person = await Api.SignInAsync();
        var head = await Client.ReadAsync(HttpMethod.Head, "/");
        Assert.That((head.Status, head.Body), Is.EqualTo((HttpStatusCode.OK, "")));
        Assert.That((await Client.ReadAsync(HttpMethod.Head, "/health/live")).Status, Is.EqualTo(HttpStatusCode.OK));
        foreach (var (method, path, allowed) in new[]
        {
            (HttpMethod.Options, "/send-code", "POST"), (HttpMethod.Head, "/verify-code", "POST"), (HttpMethod.Put, "/refresh-token", "POST"),
            (HttpMethod.Options, person.ProfilePath, "DELETE, GET, POST"), (HttpMethod.Patch, person.ProfilePath, "DELETE, GET, POST"), (HttpMethod.Post, "/sessions", "DELETE, GET"),
            (HttpMethod.Trace, "/profile", "GET"), (new HttpMethod("PROPFIND"), "/profile", "GET"),
        })
        {
            foreach (var client in new[] { Client, person.Client })
            {
                var answer = await client.ReadAsync(method, path);
                Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.MethodNotAllowed), $"{method} {path}");
                Assert.That(string.Join(", ", answer.ContentHeaders.Allow.Order(StringComparer.Ordinal)), Is.EqualTo(allowed), $"{method} {path}");
            }
        }
    }

    private async Task<List<(Answer Answer, string Name, bool Kept)>> EveryKindAsync(Person person)
    {
        var number = Calls.NewNumber();
        var sent = await Client.SendCodeAsync(number);
        var text = new StringContent("x", null, "text/plain");
        return
        [
            (sent, "202", false),
            (await Client.SendCodeAsync(number), "429", false),
            (await Client.VerifyCodeAsync(number, Calls.Wrong((await Api.Inbox.NextAsync(number)).Code)), "422", false),
            (await Client.SendCodeAsync("x"), "400 validation", false),
            (await Client.PostTextAsync("/send-code", "{"), "400 malformed", false),
            (await Client.ReadAsync(HttpMethod.Get, "/profile"), "401", false),
            (await person.Client.ReadAsync(HttpMethod.Get, "/profile/" + number), "403", false),
            (await Client.ReadAsync(HttpMethod.Get, "/nothing"), "404", false),
            (await Client.ReadAsync(HttpMethod.Get, "/%ff/%00x".Replace("%00", "", StringComparison.Ordinal)), "404 odd", false),
            (await Client.ReadAsync(HttpMethod.Delete, "/send-code"), "405", false),
            (await Client.PostTextAsync("/send-code", new string(' ', 20_000)), "413", false),
            (await Client.ReadAsync(HttpMethod.Post, "/send-code", text), "415", false),
            (await person.ProfileAsync(), "200", false),
            (await person.Client.ReadAsync(HttpMethod.Get, "/sessions"), "200 list", false),
            (await person.Client.ReadAsync(HttpMethod.Delete, "/sessions"), "204", false),
            (await person.ActivateAsync("ZZZZZZ"), "404 of a use case", false),
            (await Client.PostAsync("/refresh-token", new { refreshToken = "x" }), "401 of a use case", false),
            (await Client.ReadAsync(HttpMethod.Get, "/dev/messages"), "inbox", false),
            (await Client.ReadAsync(HttpMethod.Options, "/send-code", null, ("Origin", "https://evil.example"), ("Access-Control-Request-Method", "POST")), "preflight", false),
            (await Client.ReadAsync(HttpMethod.Get, "/"), "page", true),
            (await Client.ReadAsync(HttpMethod.Get, "/docs"), "page of documents", true),
            (await Client.ReadAsync(HttpMethod.Get, "/js/main.js"), "script", true),
            (await Client.ReadAsync(HttpMethod.Get, "/openapi/v1.json"), "document", true),
            (await Client.ReadAsync(HttpMethod.Get, "/.well-known/jwks.json"), "keys", true),
            (await Client.ReadAsync(HttpMethod.Get, "/.well-known/openid-configuration"), "discovery", true),
            (await Client.ReadAsync(HttpMethod.Get, "/health/live"), "health", true),
            (await Client.ReadAsync(HttpMethod.Get, "/health/ready"), "readiness", true),
        ];
    }
}

/// <summary>Which pages of other origins may call.</summary>
internal sealed class CorsTests() : ApiTest(DatabaseKind.Sqlite)
{
    protected override (string Key, string Value)[] Settings =>
        [("Cors:AllowedOrigins:0", "https://app.example.com"), ("Cors:AllowedOrigins:1", "http://localhost:5173")];

    [TestCase("https://app.example.com", true)]
    [TestCase("http://localhost:5173", true)]
    [TestCase("https://app.example.com.evil.example", false)]
    [TestCase("https://evil.app.example.com", false)]
    [TestCase("http://app.example.com", false)]
    [TestCase("https://app.example.com:444", false)]
    [TestCase("null", false)]
    [TestCase("*", false)]
    public async Task Only_those_that_are_named(string origin, bool allowed)
    {
        (string, string)[] headers = [("Origin", origin), ("Access-Control-Request-Method", "POST"), ("Access-Control-Request-Headers", "content-type,authorization")];
        var preflight = await Client.ReadAsync(HttpMethod.Options, "/verify-code", null, headers);
        foreach (var answer in new[] { preflight, await Client.ReadAsync(HttpMethod.Get, "/profile", null, headers), await Client.ReadAsync(HttpMethod.Get, "/.well-known/jwks.json", null, headers) })
        {
            Assert.That(answer.Headers.TryGetValues("Access-Control-Allow-Origin", out var values) ? values.Single() : null, Is.EqualTo(allowed ? origin : null));
            Assert.That(answer.Headers.Contains("Access-Control-Allow-Credentials"), Is.False);
        }
    }
}

/// <summary>What the server takes of one caller, said over a socket as no client library would say it.</summary>
[Parallelizable(ParallelScope.Self)]
internal sealed class ServerLimitTests
{
    private Api api = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => api = await Api.StartOnKestrelAsync(DatabaseKind.Sqlite);

    [OneTimeTearDown]
    public async Task StopAsync() => await api.DisposeAsync();

    [Test]
    public async Task A_request_line_headers_or_a_body_that_is_too_long_is_refused()
    {
        Assert.Multiple(async () =>
        {
            Assert.That(await StatusAsync($"GET /{new string('x', 5000)} HTTP/1.1\r\nHost: x\r\n\r\n"), Is.EqualTo(414));
            Assert.That(await StatusAsync($"GET / HTTP/1.1\r\nHost: x\r\nX-Long: {new string('x', 17_000)}\r\n\r\n"), Is.EqualTo(431));
            Assert.That(await StatusAsync($"GET / HTTP/1.1\r\nHost: x\r\n{string.Concat(Enumerable.Range(0, 70).Select(i => $"X-{i}: 1\r\n"))}\r\n"), Is.EqualTo(431));
            Assert.That(await StatusAsync("POST /send-code HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 99999999\r\n\r\n"), Is.EqualTo(413));
            Assert.That(await StatusAsync($"GET /profile HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer {new string('x', 15_000)}\r\n\r\n"), Is.EqualTo(401));
        });
    }

    [Test]
    public async Task What_is_not_http_is_refused()
    {
        Assert.Multiple(async () =>
        {
            Assert.That(await StatusAsync("GET / HTTP/1.1\r\n\r\n"), Is.EqualTo(400), "no host");
            Assert.That(await StatusAsync("GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n"), Is.EqualTo(400), "two hosts");
            Assert.That(await StatusAsync("GET / HTTP/1.1\r\nHost: x\r\nX-Nul: a\0b\r\n\r\n"), Is.EqualTo(400), "NUL");
            Assert.That(await StatusAsync("GET / HTTP/1.1\r\nHost: x\r\n folded: 1\r\n\r\n"), Is.EqualTo(400), "a folded line");
            Assert.That(await StatusAsync("GET / HTTP/9.9\r\nHost: x\r\n\r\n"), Is.EqualTo(505), "a version that does not exist");
            Assert.That(await StatusAsync("POST /send-code HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n{}"), Is.EqualTo(400), "two lengths");
        });
    }

    [Test]
    public async Task Behind_a_body_that_has_two_ends_no_second_request_is_heard()
    {
        var answer = await TalkAsync(
            "POST /send-code HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /health/live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        Assert.That(answer, Does.Not.Contain("healthy"));
    }

    private async Task<int> StatusAsync(string request)
    {
        var answer = await TalkAsync(request);
        Assert.That(answer, Does.Not.Contain("Server:").And.Not.Contain("Kestrel"));
        return int.Parse(answer.AsSpan(9, 3), System.Globalization.CultureInfo.InvariantCulture);
    }

    private async Task<string> TalkAsync(string request)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, api.Port);
        await using var stream = socket.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(request));
        var answer = new MemoryStream();
        try
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
            await stream.CopyToAsync(answer, patience.Token);
        }
        catch (IOException)
        {
            // Whoever is refused with more on its way is cut off: what was answered before that counts.
        }

        return Encoding.UTF8.GetString(answer.ToArray());
    }
}
