using System.Globalization;
using System.Text;
using System.Text.Json;
using PhoneAuth.Infrastructure.Sms;
using PhoneAuth.Infrastructure.Sms.Webhook;

namespace PhoneAuth.Infrastructure.Tests.Sms.Gateways;

internal sealed class WebhookSmsGatewayTests : GatewayTest
{
    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    [Test]
    public async Task A_text_is_posted_as_the_contract_has_it_and_signed_for_this_moment()
    {
        Stub.Answers(204);
        var outcome = await Webhook().SendAsync(Message, default);
        var asked = Stub.Requests.Single();
        using var json = JsonDocument.Parse(asked.Body);
        Assert.Multiple(() =>
        {
            Assert.That(outcome, Is.EqualTo(SmsOutcome.Accepted(Id.ToString())));
            Assert.That((asked.Method, asked.Path, asked.Query), Is.EqualTo(("POST", "/texts", "?for=us")));
            Assert.That(asked.Headers["Content-Type"], Is.EqualTo("application/json"));
            Assert.That(json.RootElement.EnumerateObject().Select(member => (member.Name, member.Value.GetString())), Is.EqualTo(new[]
            {
                ("id", Id.ToString()), ("phoneNumber", "+79001234567"), ("text", Message.Text), ("code", "0427"), ("locale", "ru"), ("expiresAt", "2026-11-22T09:35:00Z"),
            }));
            Assert.That(asked.Headers["webhook-id"], Is.EqualTo(Id.ToString()));
            Assert.That(asked.Headers["webhook-timestamp"], Is.EqualTo(Clock.Now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)));
            Assert.That(WebhookSignature.Of(Secret)!.Verify(
                asked.Headers["webhook-id"], asked.Headers["webhook-timestamp"], asked.Headers["webhook-signature"], Encoding.UTF8.GetBytes(asked.Body), Clock.Now), Is.True);
            Assert.That(asked.Headers.Keys, Has.None.EqualTo("traceparent").IgnoreCase.And.None.EqualTo("Cookie").IgnoreCase);
        });
    }

    [Test]
    public async Task Its_id_is_the_same_on_every_try()
    {
        Stub.Answers(500);
        var gateway = Webhook();
        await gateway.SendAsync(Message, default);
        await gateway.SendAsync(Message, default);
        Assert.That(Stub.Requests.Select(asked => asked.Headers["webhook-id"]).Distinct(StringComparer.Ordinal).Count(), Is.EqualTo(1));
    }

    [TestCase(200, SmsResult.Accepted)]
    [TestCase(299, SmsResult.Accepted)]
    [TestCase(408, SmsResult.TryLater)]
    [TestCase(429, SmsResult.TryLater)]
    [TestCase(500, SmsResult.TryLater)]
    [TestCase(503, SmsResult.TryLater)]
    [TestCase(304, SmsResult.Refused)]
    [TestCase(400, SmsResult.Refused)]
    [TestCase(401, SmsResult.Refused)]
    [TestCase(410, SmsResult.Refused)]
    public async Task The_status_decides(int status, SmsResult result)
    {
        Stub.Answers(status);
        Assert.That((await Webhook().SendAsync(Message, default)).Result, Is.EqualTo(result));
    }

    [TestCase("30", 30)]
    [TestCase("Sun, 22 Nov 2026 09:31:30 GMT", 90)]
    [TestCase("Sun, 22 Nov 2026 09:00:00 GMT", 0)]
    public async Task It_may_say_for_how_long_it_wants_to_be_left_alone(string retryAfter, int seconds)
    {
        Stub.Answers(429, "Retry-After", retryAfter);
        Assert.That((await Webhook().SendAsync(Message, default)).RetryAfter, Is.EqualTo(TimeSpan.FromSeconds(seconds)));
    }

    [TestCase(301)]
    [TestCase(302)]
    [TestCase(307)]
    [TestCase(308)]
    public async Task A_redirect_is_not_followed(int status)
    {
        Stub.Answers(status, "Location", "/elsewhere");
        Assert.That((await Webhook().SendAsync(Message, default)).Result, Is.EqualTo(SmsResult.Refused));
        Assert.That(Stub.Requests.Select(asked => asked.Path), Is.EqualTo(new[] { "/texts" }));
    }

    [TestCase("localhost")]
    [TestCase("127.0.0.1")]
    [TestCase("[::1]")]
    public async Task A_name_that_leads_into_our_own_networks_is_refused_when_it_is_connected_to(string host)
    {
        var url = new UriBuilder(Stub.Url) { Host = host }.Uri.ToString();
        var gateway = new WebhookSmsGateway(
            new WebhookSmsOptions { Url = url, Secret = Secret }, Services(("Sms:Provider", "File")).GetService(typeof(IHttpClientFactory)) as IHttpClientFactory ?? throw new InvalidOperationException(), Clock);
        var outcomes = new List<SmsOutcome>();
        for (var time = 0; time < 8; time++)
        {
            outcomes.Add(await gateway.SendAsync(Message, default));
        }

        Assert.That(outcomes.Select(outcome => outcome.Result), Is.All.EqualTo(SmsResult.Refused));
        Assert.That(Stub.Requests, Is.Empty);
    }

    [TestCase("http://example.com/", "https")]
    [TestCase("https://127.0.0.1/", "AllowPrivateNetworks")]
    [TestCase("https://[::ffff:10.0.0.1]/", "AllowPrivateNetworks")]
    [TestCase("https://user:secret@example.com/", "credentials")]
    [TestCase("ftp://example.com/", "https")]
    [TestCase("/texts", "https")]
    [TestCase("", "https")]
    public void An_address_that_will_not_do_starts_nothing(string url, string why) =>
        Assert.That(WhyNot("Webhook", ("Sms:Webhook:Url", url), ("Sms:Webhook:Secret", Secret)), Does.Contain("Sms:Webhook:Url").And.Contain(why).And.Not.Contain("secret@"));

    [TestCase("whsec_c2hvcnQ=")]
    [TestCase("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")]
    [TestCase("whsec_not base64 at all, but long enough")]
    public void A_secret_that_is_none_starts_nothing(string secret) =>
        Assert.That(WhyNot("Webhook", ("Sms:Webhook:Url", "https://example.com"), ("Sms:Webhook:Secret", secret)), Does.Contain("Sms:Webhook:Secret").And.Not.Contain(secret));

    [TestCase("00:00:11")]
    [TestCase("00:00:00")]
    public void A_time_out_is_shorter_than_the_claim_on_a_text(string timeout) => Assert.That(
        WhyNot("Webhook", ("Sms:Webhook:Url", "https://example.com"), ("Sms:Webhook:Secret", Secret), ("Sms:Webhook:Timeout", timeout)), Does.Contain("Sms:Webhook:Timeout"));

    [Test]
    public void A_webhook_that_no_text_goes_to_needs_no_settings() =>
        Assert.That(Gateway("Simulated").Name, Is.EqualTo("Simulated"));

    private ISmsGateway Webhook() => Gateway(
        "Webhook", ("Sms:Webhook:Url", Stub.Url + "/texts?for=us"), ("Sms:Webhook:Secret", Secret), ("Sms:Webhook:AllowPrivateNetworks", "true"));
}
