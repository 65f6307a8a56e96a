using PhoneAuth.Infrastructure.Sms;

namespace PhoneAuth.Infrastructure.Tests.Sms.Gateways;

/// <summary>Field by field against https://smsc.ru/api/http/send/sms/.</summary>
internal sealed class SmscSmsGatewayTests : GatewayTest
{
    [Test]
    public async Task A_text_is_posted_as_a_form()
    {
        Stub.AnswersJson(200, """{"id": 1234, "cnt": 1}""");
        var outcome = await Smsc(("Sms:Smsc:Login", "den"), ("Sms:Smsc:Password", "secret"), ("Sms:Smsc:Sender", "Den")).SendAsync(Message, default);
        var asked = Stub.Requests.Single();
        Assert.Multiple(() =>
        {
            Assert.That(outcome, Is.EqualTo(SmsOutcome.Accepted("1234")));
            Assert.That((asked.Method, asked.Path, asked.Query), Is.EqualTo(("POST", "/sys/send.php", "")));
            Assert.That(asked.Form, Is.EquivalentTo(new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["login"] = "den",
                ["psw"] = "secret",
                ["phones"] = "79001234567",
                ["mes"] = Message.Text,
                ["sender"] = "Den",
                ["charset"] = "utf-8",
                ["fmt"] = "3",
            }));
        });
    }

    [Test]
    public async Task A_key_stands_for_login_and_password()
    {
        Stub.AnswersJson(200, """{"id": "abc", "cnt": 1}""");
        Assert.That(await Smsc(("Sms:Smsc:ApiKey", "key")).SendAsync(Message, default), Is.EqualTo(SmsOutcome.Accepted("abc")));
        Assert.That(Stub.Requests.Single().Form.Keys, Has.One.EqualTo("apikey").And.None.EqualTo("login").And.None.EqualTo("psw").And.None.EqualTo("sender"));
    }

    [TestCase(2, SmsResult.Refused)]
    [TestCase(3, SmsResult.Refused)]
    [TestCase(4, SmsResult.TryLater)]
    [TestCase(6, SmsResult.Refused)]
    [TestCase(7, SmsResult.Refused)]
    [TestCase(8, SmsResult.Refused)]
    [TestCase(9, SmsResult.TryLater)]
    public async Task Its_error_code_decides(int code, SmsResult result)
    {
        Stub.AnswersJson(200, $$"""{"error": "… 0427 …", "error_code": {{code}}, "id": 0}""");
        var outcome = await Smsc(("Sms:Smsc:ApiKey", "key")).SendAsync(Message, default);
        Assert.That((outcome.Result, outcome.Reason), Is.EqualTo((result, $"error {code}")));
    }

    [Test]
    public void Without_credentials_it_does_not_start()
    {
        Assert.That(WhyNot("Smsc"), Does.Contain("Sms:Smsc:ApiKey"));
        Assert.That(WhyNot("Smsc", ("Sms:Smsc:Login", "den")), Does.Contain("Password"));
    }

    private ISmsGateway Smsc(params (string Key, string Value)[] settings) => Gateway("Smsc", [("Sms:Smsc:BaseUrl", Stub.Url), .. settings]);
}
