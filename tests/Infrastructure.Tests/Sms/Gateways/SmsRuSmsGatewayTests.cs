using PhoneAuth.Infrastructure.Sms;

namespace PhoneAuth.Infrastructure.Tests.Sms.Gateways;

/// <summary>Field by field against https://sms.ru/api/send.</summary>
internal sealed class SmsRuSmsGatewayTests : GatewayTest
{
    [Test]
    public async Task A_text_is_posted_as_a_form()
    {
        Stub.AnswersJson(200, """{"status":"OK","status_code":100,"sms":{"79001234567":{"status":"OK","status_code":100,"sms_id":"000000-10000000"}},"balance":4122.56}""");
        var outcome = await SmsRu(("Sms:SmsRu:From", "Den")).SendAsync(Message, default);
        var asked = Stub.Requests.Single();
        Assert.Multiple(() =>
        {
            Assert.That(outcome, Is.EqualTo(SmsOutcome.Accepted("000000-10000000")));
            Assert.That((asked.Method, asked.Path), Is.EqualTo(("POST", "/sms/send")));
            Assert.That(asked.Query, Does.Not.Contain("key"));
            Assert.That(asked.Form, Is.EquivalentTo(new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["api_id"] = "the-key",
                ["to"] = "79001234567",
                ["msg"] = Message.Text,
                ["from"] = "Den",
                ["ttl"] = "5",
                ["json"] = "1",
            }));
        });
    }

    [TestCase(200, SmsResult.Refused)]
    [TestCase(201, SmsResult.Refused)]
    [TestCase(301, SmsResult.Refused)]
    [TestCase(220, SmsResult.TryLater)]
    [TestCase(500, SmsResult.TryLater)]
    public async Task The_code_of_the_request_decides(int code, SmsResult result)
    {
        Stub.AnswersJson(200, $$"""{"status":"ERROR","status_code":{{code}},"status_text":"… 0427 …"}""");
        var outcome = await SmsRu().SendAsync(Message, default);
        Assert.That((outcome.Result, outcome.Reason), Is.EqualTo((result, $"status {code}")));
    }

    [TestCase(202, SmsResult.Refused)]
    [TestCase(207, SmsResult.Refused)]
    [TestCase(209, SmsResult.Refused)]
    [TestCase(231, SmsResult.TryLater)]
    public async Task Then_the_code_of_the_number_does(int code, SmsResult result)
    {
        Stub.AnswersJson(200, """{"status":"OK","status_code":100,"sms":{"79001234567":{"status":"ERROR","status_code":CODE}}}""".Replace("CODE", $"{code}", StringComparison.Ordinal));
        var outcome = await SmsRu().SendAsync(Message, default);
        Assert.That((outcome.Result, outcome.Reason), Is.EqualTo((result, $"status {code}")));
    }

    [TestCase("100\n000000-10000000")]
    [TestCase("""{"status":"OK","status_code":100,"sms":[]}""")]
    [TestCase("""{"status":"OK","status_code":100,"sms":{}}""")]
    public async Task An_answer_that_is_not_theirs_is_no_acceptance(string answer)
    {
        Stub.AnswersJson(200, answer);
        Assert.That((await SmsRu().SendAsync(Message, default)).Result, Is.EqualTo(SmsResult.TryLater));
    }

    [Test]
    public void Without_its_key_it_does_not_start() => Assert.That(WhyNot("SmsRu"), Does.Contain("Sms:SmsRu:ApiId"));

    private ISmsGateway SmsRu(params (string Key, string Value)[] settings) =>
        Gateway("SmsRu", [("Sms:SmsRu:ApiId", "the-key"), ("Sms:SmsRu:BaseUrl", Stub.Url), .. settings]);
}
