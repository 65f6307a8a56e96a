using System.Text;
using PhoneAuth.Infrastructure.Sms;

namespace PhoneAuth.Infrastructure.Tests.Sms.Gateways;

/// <summary>Field by field against https://www.twilio.com/docs/messaging/api/message-resource.</summary>
internal sealed class TwilioSmsGatewayTests : GatewayTest
{
    private const string Account = "ACXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX";

    [Test]
    public async Task A_text_is_posted_to_the_accounts_messages()
    {
        Stub.AnswersJson(201, """{"sid":"SM0123456789abcdef0123456789abcdef","status":"queued","error_code":null}""");
        var outcome = await Twilio(("Sms:Twilio:From", "+15005550006")).SendAsync(Message, default);
        var asked = Stub.Requests.Single();
        Assert.Multiple(() =>
        {
            Assert.That(outcome, Is.EqualTo(SmsOutcome.Accepted("SM0123456789abcdef0123456789abcdef")));
            Assert.That((asked.Method, asked.Path, asked.Query), Is.EqualTo(("POST", $"/2010-04-01/Accounts/{Account}/Messages.json", "")));
            Assert.That(asked.Headers["Authorization"], Is.EqualTo("Basic " + Base64(Account + ":token")));
            Assert.That(asked.Headers["Content-Type"], Is.EqualTo("application/x-www-form-urlencoded"));
            Assert.That(asked.Form, Is.EquivalentTo(new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["To"] = "+79001234567",
                ["From"] = "+15005550006",
                ["Body"] = Message.Text,
                ["ValidityPeriod"] = "300",
            }));
        });
    }

    [Test]
    public async Task A_messaging_service_and_an_API_key_and_an_address_for_receipts_will_do_as_well()
    {
        Stub.AnswersJson(201, """{"sid":"SM1"}""");
        await Twilio(
            ("Sms:Twilio:MessagingServiceSid", "MG1"), ("Sms:Twilio:ApiKeySid", "SK1"), ("Sms:Twilio:ApiKeySecret", "secret"), ("Sms:PublicUrl", "https://auth.example.com/")).SendAsync(Message, default);
        var asked = Stub.Requests.Single();
        Assert.Multiple(() =>
        {
            Assert.That(asked.Headers["Authorization"], Is.EqualTo("Basic " + Base64("SK1:secret")));
            Assert.That(asked.Form.Keys, Has.None.EqualTo("From"));
            Assert.That(asked.Form["MessagingServiceSid"], Is.EqualTo("MG1"));
            Assert.That(asked.Form["StatusCallback"], Is.EqualTo("https://auth.example.com/sms/receipts/twilio"));
        });
    }

    [TestCase(400, 21211, SmsResult.Refused, "HTTP 400, error 21211")]
    [TestCase(400, 21610, SmsResult.Refused, "HTTP 400, error 21610")]
    [TestCase(401, 20003, SmsResult.Refused, "HTTP 401, error 20003")]
    [TestCase(429, 20429, SmsResult.TryLater, "HTTP 429, error 20429")]
    [TestCase(503, 20503, SmsResult.TryLater, "HTTP 503, error 20503")]
    public async Task Its_errors_are_told_apart_and_its_words_are_not_repeated(int status, int code, SmsResult result, string reason)
    {
        Stub.AnswersJson(status, $$"""{"code":{{code}},"message":"The 'To' number +79001234567 is no good: 0427","more_info":"…","status":{{status}}}""");
        var outcome = await Twilio(("Sms:Twilio:From", "Den")).SendAsync(Message, default);
        Assert.That((outcome.Result, outcome.Reason), Is.EqualTo((result, reason)));
    }

    [TestCase("<html>")]
    [TestCase("[]")]
    [TestCase("{}")]
    public async Task An_answer_that_is_not_Twilios_is_no_acceptance(string answer)
    {
        Stub.AnswersJson(200, answer);
        Assert.That((await Twilio(("Sms:Twilio:From", "Den")).SendAsync(Message, default)).Result, Is.EqualTo(SmsResult.TryLater));
    }

    [Test]
    public void Without_account_credentials_or_sender_it_does_not_start()
    {
        Assert.That(WhyNot("Twilio"), Does.Contain("Sms:Twilio:AccountSid").And.Contain("Sms:Twilio:AuthToken").And.Contain("Sms:Twilio:From"));
        Assert.That(WhyNot("Twilio", ("Sms:Twilio:AccountSid", Account), ("Sms:Twilio:From", "Den"), ("Sms:Twilio:ApiKeySid", "SK1"), ("Sms:Twilio:ApiKeySecret", "s"), ("Sms:PublicUrl", "https://a.example")), Does.Contain("receipts"));
    }

    private ISmsGateway Twilio(params (string Key, string Value)[] settings) =>
        Gateway("Twilio", [("Sms:Twilio:AccountSid", Account), ("Sms:Twilio:AuthToken", "token"), ("Sms:Twilio:BaseUrl", Stub.Url + "/"), .. settings]);

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
