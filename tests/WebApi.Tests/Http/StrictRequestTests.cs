using System.Net;
using System.Text;
using PhoneAuth.Testing;
using PhoneAuth.WebApi.Tests.Harness;

namespace PhoneAuth.WebApi.Tests.Http;

[OnBothDatabases]
internal sealed class StrictRequestTests(DatabaseKind kind) : ApiTest(kind)
{
    [TestCase("")]
    [TestCase("null")]
    [TestCase("[]")]
    [TestCase("\"+79001234567\"")]
    [TestCase("{")]
    [TestCase("{\"phoneNumber\":79001234567}")]
    [TestCase("{\"phoneNumber\":[\"+79001234567\"]}")]
    [TestCase("{\"phoneNumber\":\"+79001234567\",\"phoneNumber\":\"+79001234568\"}")]
    [TestCase("{\"phoneNumber\":\"+79001234567\"} {}")]
    [TestCase("{\"phoneNumber\":\"\\ud800\"}")]
    [TestCase("{'phoneNumber':'+79001234567'}")]
    public async Task What_is_not_one_object_of_the_right_types_is_malformed(string json)
    {
        var answer = await Client.PostTextAsync("/send-code", json);
        Assert.That((answer.Status, answer.Code), Is.EqualTo((HttpStatusCode.BadRequest, "malformed_request")));
    }

    [TestCase("{}")]
    [TestCase("{\"phoneNumber\":null}")]
    [TestCase("{\"phoneNumber\":\"\"}")]
    [TestCase("{\"PhoneNumber\":\"+79001234567\"}")]
    public async Task What_is_missing_or_empty_fails_validation(string json)
    {
        var answer = await Client.PostTextAsync("/send-code", json);
        Assert.That((answer.Status, answer.Code), Is.EqualTo((HttpStatusCode.BadRequest, "validation_failed")));
        Assert.That(answer.Json.GetProperty("errors").EnumerateObject().Single().Name, Is.EqualTo("phoneNumber"));
    }

    [Test]
    public async Task Every_field_that_is_wrong_is_named()
    {
        var answer = await Client.PostTextAsync("/verify-code", "{}");
        Assert.That(answer.Json.GetProperty("errors").EnumerateObject().Select(field => field.Name), Is.EquivalentTo(new[] { "phoneNumber", "code" }));
    }

    [Test]
    public async Task Unknown_members_are_ignored()
    {
        var answer = await Client.PostTextAsync("/send-code", $$"""{"phoneNumber":"{{Calls.NewNumber()}}","colour":{"is":["blue"]} }""");
        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.Accepted));
    }

    [TestCase("text/plain")]
    [TestCase("application/x-www-form-urlencoded")]
    [TestCase(null)]
    public async Task Any_other_content_type_is_refused(string? type)
    {
        var content = new ByteArrayContent("{\"phoneNumber\":\"+79001234567\"}"u8.ToArray());
        content.Headers.ContentType = type is null ? null : new(type);
        var answer = await Client.ReadAsync(HttpMethod.Post, "/send-code", content);
        Assert.That((answer.Status, answer.Code), Is.EqualTo((HttpStatusCode.UnsupportedMediaType, "unsupported_media_type")));
    }

    [Test]
    public async Task A_body_over_16_KiB_is_refused_with_and_without_a_length()
    {
        var json = "{\"phoneNumber\":\"" + new string('1', 16 * 1024) + "\"}";
        var known = await Client.PostTextAsync("/send-code", json);
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(json));
        var unknown = await Client.ReadAsync(HttpMethod.Post, "/send-code", new UnknownLength(stream));
        Assert.That(new[] { (known.Status, known.Code), (unknown.Status, unknown.Code) }, Is.All.EqualTo((HttpStatusCode.RequestEntityTooLarge, "payload_too_large")));
    }

    [Test]
    public async Task Who_is_nobody_is_told_so_before_anything_is_said_of_the_body()
    {
        var answer = await Client.ReadAsync(HttpMethod.Post, "/profile/+79001234567", new StringContent("x", null, "text/plain"));
        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.Unauthorized));
    }

    [Test]
    public async Task The_content_type_comes_before_the_number_in_the_path()
    {
        var person = await Api.SignInAsync();
        var answer = await person.Client.ReadAsync(HttpMethod.Post, "/profile/+79990000000", new StringContent("x", null, "text/plain"));
        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.UnsupportedMediaType));
    }

    [Test]
    public async Task An_address_that_does_not_exist_is_not_found_and_a_method_it_does_not_take_is_not_allowed()
    {
        var missing = await Client.ReadAsync(HttpMethod.Get, "/nothing/here");
        var wrong = await Client.ReadAsync(HttpMethod.Delete, "/send-code");
        Assert.That((missing.Status, missing.Code), Is.EqualTo((HttpStatusCode.NotFound, "not_found")));
        Assert.That((wrong.Status, wrong.Code), Is.EqualTo((HttpStatusCode.MethodNotAllowed, "method_not_allowed")));
        Assert.That(wrong.ContentHeaders.Allow, Is.EqualTo(new[] { "POST" }));
    }

    [Test]
    public async Task Paths_are_matched_without_regard_to_case_and_a_trailing_slash()
    {
        Assert.That((await Client.PostAsync("/Send-Code/", new { phoneNumber = Calls.NewNumber() })).Status, Is.EqualTo(HttpStatusCode.Accepted));
    }

    private sealed class UnknownLength : StreamContent
    {
        public UnknownLength(Stream stream)
            : base(stream) => Headers.ContentType = new("application/json");

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
