using System.Diagnostics;
using PhoneAuth.Testing;
using PhoneAuth.WebApi.Tests.Harness;

namespace PhoneAuth.WebApi.Tests.Seen;

[OnBothDatabases]
internal sealed class SpanTests(DatabaseKind kind) : ApiTest(kind)
{
    [Test]
    public async Task A_request_is_one_span_with_its_use_case_and_its_one_statement_below_it()
    {
        using var traced = new Traced();
        var person = await Api.SignInAsync();
        var answer = await person.Client.ReadAsync(HttpMethod.Get, person.ProfilePath, null, ("traceparent", traced.Parent));
        Assert.That(answer.Json.Text("phoneNumber"), Is.EqualTo(person.PhoneNumber));
        var request = traced.Spans.Single(span => span.Kind == ActivityKind.Server);
        var useCase = traced.Spans.Single(span => span.Source.Name == "PhoneAuth");
        Assert.Multiple(() =>
        {
            Assert.That(request.DisplayName, Is.EqualTo("GET /profile/{phoneNumber}"));
            Assert.That(request.GetTagItem("http.route"), Is.EqualTo("/profile/{phoneNumber}"));
            Assert.That(request.GetTagItem("http.request.method"), Is.EqualTo("GET"));
            Assert.That(request.GetTagItem("http.response.status_code"), Is.EqualTo(200));
            Assert.That(useCase.DisplayName, Is.EqualTo("GetProfileQuery"));
            Assert.That(useCase.ParentSpanId, Is.EqualTo(request.SpanId));
            Assert.That(useCase.GetTagItem("phoneauth.outcome"), Is.EqualTo("ok"));
            Assert.That(traced.Spans.Count(span => span.Source.Name == "Npgsql" && span.ParentSpanId == request.SpanId), Is.EqualTo(Kind == DatabaseKind.PostgreSql ? 1 : 0));
        });
    }

    [TestCase("/profile/{0}")]
    [TestCase("/profile/%2B{0}/invited-users?limit=5")]
    [TestCase("/no/such/place/{0}")]
    [TestCase("/dev/messages?phoneNumber={0}")]
    public async Task No_span_holds_the_number_that_a_path_holds(string path)
    {
        using var traced = new Traced();
        var person = await Api.SignInAsync();
        var digits = person.PhoneNumber[1..];
        await person.Client.ReadAsync(HttpMethod.Get, string.Format(null, path, digits), null, ("traceparent", traced.Parent));
        Assert.That(traced.Spans.Count(span => span.Kind == ActivityKind.Server), Is.EqualTo(1));
        Assert.That(traced.Text, Does.Not.Contain(digits));
    }

    [Test]
    public async Task No_span_of_a_sign_in_holds_a_number_a_code_or_a_token()
    {
        using var traced = new Traced();
        var number = Calls.NewNumber();
        Client.DefaultRequestHeaders.Add("traceparent", traced.Parent);
        try
        {
            var code = await Api.RequestCodeAsync(number);
            var answer = await Client.VerifyCodeAsync(number, code);
            Assert.That(traced.Spans.Select(span => span.DisplayName), Is.SupersetOf(new[] { "POST /send-code", "SendCodeCommand", "POST /verify-code", "VerifyCodeCommand" }));
            Assert.That(traced.Text, Does.Not.Contain(number[1..]));
            Assert.That(traced.Text, Does.Not.Contain(answer.Json.Text("refreshToken")));
            Assert.That(traced.Text, Does.Not.Contain(answer.Json.GetProperty("profile").Text("inviteCode")));
            Assert.That(traced.Spans.SelectMany(span => span.TagObjects).Select(tag => tag.Value?.ToString()), Does.Not.Contain(code));
        }
        finally
        {
            Client.DefaultRequestHeaders.Remove("traceparent");
        }
    }
}
