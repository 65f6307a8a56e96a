using System.Net;
using PhoneAuth.Testing;
using PhoneAuth.WebApi.Tests.Harness;

namespace PhoneAuth.WebApi.Tests.SignIn;

[OnBothDatabases]
internal sealed class SendCodeTests(DatabaseKind kind) : ApiTest(kind)
{
    [Test]
    public async Task It_answers_when_the_code_is_recorded_and_never_shows_it()
    {
        var number = Calls.NewNumber();
        var answer = await Client.SendCodeAsync(number);
        var code = (await Api.Inbox.NextAsync(number)).Code;
        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.Accepted), answer.Body);
        Assert.Multiple(() =>
        {
            Assert.That(answer.Json.EnumerateObject().Select(member => member.Name), Is.EqualTo(new[] { "phoneNumber", "codeLength", "expiresAt", "resendAt" }));
            Assert.That(answer.Json.Text("phoneNumber"), Is.EqualTo(number));
            Assert.That(answer.Json.GetProperty("codeLength").GetInt32(), Is.EqualTo(4));
            Assert.That(answer.Json.Text("expiresAt"), Is.EqualTo(Calls.Utc(Api.Clock.Now.AddMinutes(5))));
            Assert.That(answer.Json.Text("resendAt"), Is.EqualTo(Calls.Utc(Api.Clock.Now.AddMinutes(1))));
            Assert.That(answer.Body.Replace(number, "", StringComparison.Ordinal), Does.Not.Contain(code));
            Assert.That(code, Does.Match("^[0-9]{4}$"));
        });
    }

    [TestCase("8 (905) 000-45-67")]
    [TestCase("9050004567")]
    [TestCase("79050004567")]
    [TestCase("00 7 905 000 45 67")]
    [TestCase("＋７９０５０００４５６７")]
    [TestCase("+7\u00a0905\u2009000\u300045.67")]
    [TestCase("+7 [905] 000–45−67")]
    [TestCase("+٧٩٠٥٠٠٠٤٥٦٧")]
    public async Task Every_spelling_of_a_number_is_one_number(string spelling)
    {
        var answer = await Client.SendCodeAsync(spelling);
        Assert.That(answer.Json.TryGetProperty("phoneNumber", out var sent) ? sent.GetString() : answer.Code, Is.EqualTo("+79050004567").Or.EqualTo("resend_too_soon"));
    }

    [TestCase("+7900123")]
    [TestCase("+999123456789")]
    [TestCase("hello")]
    [TestCase("")]
    [TestCase("+")]
    [TestCase("12")]
    public async Task What_is_not_a_possible_number_is_refused(string text)
    {
        var answer = await Client.SendCodeAsync(text);
        Assert.That((answer.Status, answer.Code), Is.EqualTo((HttpStatusCode.BadRequest, "validation_failed")));
        Assert.That(answer.Json.GetProperty("errors").GetProperty("phoneNumber").GetArrayLength(), Is.EqualTo(1));
    }

    [Test]
    public async Task A_new_code_replaces_the_live_one()
    {
        var number = Calls.NewNumber();
        var first = await Api.RequestCodeAsync(number);
        Api.Clock.Advance(TimeSpan.FromMinutes(1));
        var second = await Api.RequestCodeAsync(number);
        if (!string.Equals(first, second, StringComparison.Ordinal))
        {
            Assert.That((await Client.VerifyCodeAsync(number, first)).Code, Is.EqualTo("code_invalid"));
        }

        Assert.That((await Client.VerifyCodeAsync(number, second)).Status, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task A_resend_too_soon_says_when_and_leaves_the_code_alone()
    {
        var number = Calls.NewNumber();
        var code = await Api.RequestCodeAsync(number);
        var again = await Client.SendCodeAsync(number);
        Assert.That((again.Status, again.Code), Is.EqualTo((HttpStatusCode.TooManyRequests, "resend_too_soon")));
        Assert.That(again.Headers.RetryAfter!.Delta, Is.EqualTo(TimeSpan.FromMinutes(1)));
        Assert.That((await Client.VerifyCodeAsync(number, code)).Status, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Parallel_first_sends_to_a_number_send_one_text()
    {
        var number = Calls.NewNumber();
        var answers = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => Client.SendCodeAsync(number)));
        Assert.That(answers.Count(answer => answer.Status == HttpStatusCode.Accepted), Is.EqualTo(1));
        Assert.That(answers.Where(answer => answer.Status != HttpStatusCode.Accepted).Select(answer => answer.Code), Is.All.EqualTo("resend_too_soon"));
    }

    [Test]
    public async Task The_text_is_in_the_language_of_the_caller()
    {
        var number = Calls.NewNumber();
        await Client.ReadAsync(
            HttpMethod.Post, "/send-code", new StringContent($$"""{"phoneNumber":"{{number}}"}""", null, "application/json"), ("Accept-Language", "ru-RU, en;q=0.5"));
        Assert.That((await Api.Inbox.NextAsync(number)).Text, Does.Contain("код"));
    }
}

[OnBothDatabases]
internal sealed class SendCodeToSomeCountriesTests(DatabaseKind kind) : ApiTest(kind)
{
    protected override (string Key, string Value)[] Settings =>
        [("PhoneNumbers:AllowedCountryCodes:0", "7"), ("PhoneNumbers:DefaultCountryCode", "44"), ("Verification:CodeLength", "6"), ("Verification:ResendWait", "00:00:00")];

    [Test]
    public async Task A_country_that_is_not_on_the_list_is_refused()
    {
        var answer = await Client.SendCodeAsync("07911 123456");
        Assert.That((answer.Status, answer.Code), Is.EqualTo((HttpStatusCode.UnprocessableEntity, "country_not_supported")));
    }

    [Test]
    public async Task Codes_have_as_many_digits_as_configured_and_with_no_wait_a_resend_may_follow_now()
    {
        var answer = await Client.SendCodeAsync(Calls.NewNumber());
        Assert.That(answer.Json.GetProperty("codeLength").GetInt32(), Is.EqualTo(6));
        Assert.That(answer.Json.Text("resendAt"), Is.EqualTo("2026-11-22T09:30:00Z"));
    }
}
