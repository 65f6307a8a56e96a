using System.Net;
using PhoneAuth.Testing;
using PhoneAuth.WebApi.Tests.Harness;

namespace PhoneAuth.WebApi.Tests.Http;

internal sealed class HeadersTests() : ApiTest(DatabaseKind.Sqlite)
{
    private static readonly string[] Data =
        ["/profile", "/profile/+79001234567", "/nothing/here", "/dev/messages", "/health/live", "/health/ready", "/.well-known/jwks.json", "/openapi/v1.json"];

    private static readonly string[] Pages = ["/", "/docs"];

    private static readonly string[] KeptByNobody = ["/profile", "/profile/+79001234567", "/nothing/here", "/dev/messages", "/send-code"];

    private static readonly string[] Kept =
        ["/", "/css/base.css", "/docs", "/openapi/v1.json", "/health/live", "/health/ready", "/.well-known/jwks.json", "/.well-known/openid-configuration"];

    [TestCaseSource(nameof(Data))]
    [TestCaseSource(nameof(Pages))]
    public async Task Every_answer_guards_who_reads_it_and_names_no_server(string path)
    {
        var answer = await Client.ReadAsync(HttpMethod.Get, path);
        Assert.Multiple(() =>
        {
            Assert.That(Header(answer, "X-Content-Type-Options"), Is.EqualTo("nosniff"));
            Assert.That(Header(answer, "Referrer-Policy"), Is.EqualTo("no-referrer"));
            Assert.That(Header(answer, "X-Frame-Options"), Is.EqualTo("DENY"));
            Assert.That(Header(answer, "Content-Security-Policy"), Does.StartWith("default-src 'none';").And.Contains("frame-ancestors 'none'"));
            Assert.That(answer.Headers.Select(header => header.Key), Has.None.EqualTo("Server").And.None.EqualTo("X-Powered-By").And.None.StartsWith("Access-Control"));
        });
    }

    [TestCaseSource(nameof(Data))]
    public async Task Data_may_load_nothing_at_all(string path) =>
        Assert.That(Header(await Client.ReadAsync(HttpMethod.Get, path), "Content-Security-Policy"), Is.EqualTo("default-src 'none'; frame-ancestors 'none'"));

    [TestCaseSource(nameof(Pages))]
    public async Task A_page_runs_its_own_scripts_and_no_others(string path)
    {
        var policy = Header(await Client.ReadAsync(HttpMethod.Get, path), "Content-Security-Policy")!;
        Assert.That(policy.Split("; "), Has.One.EqualTo("script-src 'self'").And.One.EqualTo("base-uri 'none'").And.One.EqualTo("form-action 'none'"));
        Assert.That(policy, Does.Not.Contain("unsafe-eval").And.Not.Contain("http").And.Not.Contain('*'));
    }

    [TestCaseSource(nameof(KeptByNobody))]
    public async Task An_answer_is_kept_by_nobody_an_error_neither(string path) =>
        Assert.That(Header(await Client.ReadAsync(HttpMethod.Get, path), "Cache-Control"), Is.EqualTo("no-store"));

    [TestCaseSource(nameof(Kept))]
    public async Task Documents_keys_health_and_files_may_be_kept(string path)
    {
        var answer = await Client.ReadAsync(HttpMethod.Get, path);
        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(Header(answer, "Cache-Control"), Is.Not.Null.And.Not.Contains("no-store"));
    }

    [Test]
    public async Task A_success_is_kept_by_nobody()
    {
        var person = await Api.SignInAsync();
        var sent = await Client.SendCodeAsync(Calls.NewNumber());
        var signedOut = await person.Client.PostAsync("/sign-out");
        Assert.That(new[] { sent, signedOut }.Select(answer => Header(answer, "Cache-Control")), Is.All.EqualTo("no-store"));
        Assert.That(Header(signedOut, "X-Content-Type-Options"), Is.EqualTo("nosniff"));
    }

    [TestCase("application/xml")]
    [TestCase("text/html,*/*;q=0.1")]
    [TestCase("image/png")]
    [TestCase(";;;")]
    public async Task Whatever_a_caller_would_rather_have_it_is_JSON(string accept)
    {
        using var content = new StringContent($$"""{"phoneNumber":"{{Calls.NewNumber()}}"}""", null, "application/json");
        var answer = await Client.ReadAsync(HttpMethod.Post, "/send-code", content, ("Accept", accept));
        Assert.That((answer.Status, answer.ContentHeaders.ContentType!.ToString()), Is.EqualTo((HttpStatusCode.Accepted, "application/json; charset=utf-8")));
        var refused = await Client.ReadAsync(HttpMethod.Get, "/profile", null, ("Accept", accept));
        Assert.That(refused.ContentHeaders.ContentType!.MediaType, Is.EqualTo("application/problem+json"));
    }

    [TestCase("application/json; charset=utf-8")]
    [TestCase("APPLICATION/JSON")]
    [TestCase("application/vnd.example+json")]
    public async Task Any_JSON_is_JSON(string type)
    {
        var content = new StringContent($$"""{"phoneNumber":"{{Calls.NewNumber()}}"}""");
        content.Headers.ContentType = System.Net.Http.Headers.MediaTypeHeaderValue.Parse(type);
        Assert.That((await Client.ReadAsync(HttpMethod.Post, "/send-code", content)).Status, Is.EqualTo(HttpStatusCode.Accepted));
    }

    [Test]
    public async Task Anything_but_UTF_8_cannot_be_read()
    {
        using var content = new StringContent("""{"phoneNumber":"+79001234567"}""", System.Text.Encoding.Unicode, "application/json");
        Assert.That((await Client.ReadAsync(HttpMethod.Post, "/send-code", content)).Code, Is.EqualTo("malformed_request"));
    }

    [TestCase("/health/live")]
    [TestCase("/health/ready")]
    public async Task Who_watches_may_ask_for_the_head_alone(string path) =>
        Assert.That((await Client.ReadAsync(HttpMethod.Head, path)).Status, Is.EqualTo(HttpStatusCode.OK));

    private static string? Header(Answer answer, string name) => answer.Headers.TryGetValues(name, out var values) ? string.Join(", ", values) : null;
}
