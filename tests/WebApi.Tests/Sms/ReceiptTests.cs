using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using PhoneAuth.Infrastructure.Sms;
using PhoneAuth.Testing;
using PhoneAuth.WebApi.Tests.Harness;

namespace PhoneAuth.WebApi.Tests.Sms;

/// <summary>Receipts as each gateway's own documentation signs them.</summary>
[OnBothDatabases]
internal sealed class ReceiptTests(DatabaseKind kind) : ApiTest(kind)
{
    private const string Secret = "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private const string TwilioUrl = "https://auth.example.com/sms/receipts/twilio";

    protected override (string Key, string Value)[] Settings =>
    [
        ("Sms:Provider", "Simulated,Webhook,Twilio,SmsRu,Smsc"), ("Sms:PublicUrl", "https://auth.example.com/"),
        ("Sms:Webhook:Url", "https://example.com/texts"), ("Sms:Webhook:Secret", "whsec_" + Secret),
        ("Sms:Twilio:AccountSid", "AC1"), ("Sms:Twilio:AuthToken", "token"), ("Sms:Twilio:From", "Den"),
        ("Sms:SmsRu:ApiId", "api-id"), ("Sms:Smsc:ApiKey", "key"), ("Sms:Smsc:ReceiptSecret", "secret"),
    ];

    [TestCase("""{"id":"019aaad4-8d40-7c1e-9d0a-3f5f8a1b2c3d","status":"delivered"}""")]
    [TestCase("""{"id":"019aaad4-8d40-7c1e-9d0a-3f5f8a1b2c3d","status":"failed"}""")]
    [TestCase("""{"id":"019aaad4-8d40-7c1e-9d0a-3f5f8a1b2c3d","status":"on its way"}""")]
    [TestCase("""{"id":"nobody's","status":"delivered"}""")]
    public async Task A_receipt_with_the_webhooks_signature_is_taken_again_and_again(string json)
    {
        Assert.That((await WebhookAsync(json)).Status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That((await WebhookAsync(json)).Status, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task What_is_final_is_recorded_once_and_what_is_not_is_left_out()
    {
        await WebhookAsync("""{"id":"recorded","status":"failed"}""");
        await WebhookAsync("""{"id":"under-way","status":"sent"}""");
        Assert.That(await IsNewsAsync("Webhook", "recorded"), Is.False);
        Assert.That(await IsNewsAsync("Webhook", "under-way"), Is.True);
        Assert.That(await IsNewsAsync("Twilio", "recorded"), Is.True, "an id is its gateway's");
    }

    [Test]
    public async Task One_of_another_time_or_with_another_body_or_secret_is_not()
    {
        const string Json = """{"id":"1","status":"delivered"}""";
        Assert.That(Refusal(await WebhookAsync(Json, later: TimeSpan.FromMinutes(6))), Is.EqualTo(NotAuthentic));
        Assert.That(Refusal(await WebhookAsync(Json, later: TimeSpan.FromMinutes(-6))), Is.EqualTo(NotAuthentic));
        Assert.That(Refusal(await WebhookAsync(Json, sent: """{"id":"2","status":"delivered"}""")), Is.EqualTo(NotAuthentic));
        Assert.That(Refusal(await WebhookAsync(Json, secret: "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")), Is.EqualTo(NotAuthentic));
        Assert.That(Refusal(await Client.PostTextAsync("/sms/receipts/webhook", Json)), Is.EqualTo(NotAuthentic));
    }

    [TestCase("[]")]
    [TestCase("{")]
    [TestCase("""{"id":1,"status":"delivered"}""")]
    [TestCase("""{"id":"1"}""")]
    public async Task One_that_is_signed_and_yet_none_is_malformed(string json) =>
        Assert.That(Refusal(await WebhookAsync(json)), Is.EqualTo((HttpStatusCode.BadRequest, "malformed_request")));

    [TestCase("delivered")]
    [TestCase("undelivered")]
    [TestCase("sent")]
    public async Task Twilio_signs_the_address_and_the_fields(string status)
    {
        (string Name, string Value)[] fields = [("MessageStatus", status), ("MessageSid", "SM1"), ("To", "+79001234567"), ("AccountSid", "AC1")];
        Assert.That((await FormAsync("Twilio", fields, ("X-Twilio-Signature", Twilio(fields)))).Status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(Refusal(await FormAsync("twilio", [.. fields[1..], ("MessageStatus", "failed")], ("X-Twilio-Signature", Twilio(fields)))), Is.EqualTo(NotAuthentic));
        Assert.That(Refusal(await FormAsync("twilio", fields, ("X-Twilio-Signature", Twilio(fields, "https://elsewhere.example/sms/receipts/twilio")))), Is.EqualTo(NotAuthentic));
        Assert.That(Refusal(await FormAsync("twilio", fields)), Is.EqualTo(NotAuthentic));
    }

    [Test]
    public async Task SmsRu_hashes_its_key_and_the_entries_and_hears_100()
    {
        string[] entries = ["sms_status\n000000-10000000\n103\n1382523843", "callcheck_status\n201737-542\n401", "sms_status\n000000-10000001\n104\n1382523844"];
        var answer = await SmsRuAsync(entries, "api-id");
        Assert.That((answer.Status, answer.Body), Is.EqualTo((HttpStatusCode.OK, "100")));
        Assert.That(await IsNewsAsync("SmsRu", "000000-10000000"), Is.False);
        Assert.That(await IsNewsAsync("SmsRu", "000000-10000001"), Is.False);
        Assert.That(await IsNewsAsync("SmsRu", "201737-542"), Is.True);
        Assert.That(Refusal(await SmsRuAsync(entries, "another")), Is.EqualTo(NotAuthentic));
        Assert.That(Refusal(await FormAsync("smsru", [("data[0]", entries[0])])), Is.EqualTo(NotAuthentic));
    }

    [Test]
    public async Task Smsc_hashes_id_phone_and_status_with_a_secret()
    {
        const string Signed = "1234:79001234567:1:secret";
#pragma warning disable CA5350, CA5351 // As SMSC signs.
        var sha1 = Convert.ToHexStringLower(SHA1.HashData(Encoding.UTF8.GetBytes(Signed)));
        var md5 = Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(Signed)));
#pragma warning restore CA5350, CA5351
        Assert.That((await SmscAsync("1", ("sha1", sha1))).Body, Is.EqualTo("OK"));
        Assert.That((await SmscAsync("1", ("md5", md5))).Status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(await IsNewsAsync("Smsc", "1234"), Is.False);
        Assert.That(Refusal(await SmscAsync("20", ("sha1", sha1))), Is.EqualTo(NotAuthentic));
        Assert.That(Refusal(await SmscAsync("1")), Is.EqualTo(NotAuthentic));
    }

    [TestCase("simulated")]
    [TestCase("pigeon")]
    public async Task A_gateway_that_sends_no_receipts_has_no_address(string gateway) =>
        Assert.That(Refusal(await FormAsync(gateway, [("id", "1")])), Is.EqualTo((HttpStatusCode.NotFound, "not_found")));

    [Test]
    public async Task A_gateway_that_no_text_goes_to_has_none_either()
    {
        await using var api = await Api.StartAsync(DatabaseKind.Sqlite);
        var answer = await api.Client.PostTextAsync("/sms/receipts/webhook", "{}");
        Assert.That(Refusal(answer), Is.EqualTo((HttpStatusCode.NotFound, "not_found")));
    }

    [Test]
    public async Task A_body_is_small_and_a_form_that_cannot_be_read_is_not_the_gateways()
    {
        Assert.That((await FormAsync("smsru", [("data[0]", new string('a', 17_000))])).Code, Is.EqualTo("payload_too_large"));
        Assert.That(Refusal(await FormAsync("smsru", [(new string('k', 5_000), "1")])), Is.EqualTo(NotAuthentic));
        Assert.That(Refusal(await Client.PostTextAsync("/sms/receipts/smsru", "{}")), Is.EqualTo(NotAuthentic));
    }

    [Test]
    public async Task What_a_receipt_says_is_not_logged()
    {
        await SmsRuAsync(["sms_status\nnever-in-a-log\n103\n1"], "api-id");
        Assert.That(Api.Logs.Lines, Has.None.Contains("never-in-a-log").And.None.Contains("api-id"));
    }

    /// <summary>Whether the book has not heard of a text's fate before.</summary>
    private async Task<bool> IsNewsAsync(string gateway, string id) =>
        await Api.Services.GetRequiredService<IReceiptBook>().RecordAsync(gateway, [new SmsReceipt(id, Delivered: true)], default) == 1;

    private static readonly (HttpStatusCode, string?) NotAuthentic = (HttpStatusCode.Forbidden, "receipt_not_authentic");

    private static (HttpStatusCode, string?) Refusal(Answer answer) => (answer.Status, answer.Code);

    private Task<Answer> WebhookAsync(string json, TimeSpan later = default, string? sent = null, string secret = Secret)
    {
        var timestamp = (Api.Clock.Now + later).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var hash = HMACSHA256.HashData(Convert.FromBase64String(secret), Encoding.UTF8.GetBytes($"receipt-1.{timestamp}.{json}"));
        return Client.ReadAsync(
            HttpMethod.Post, "/sms/receipts/Webhook", new StringContent(sent ?? json, Encoding.UTF8, "application/json"),
            ("webhook-id", "receipt-1"), ("webhook-timestamp", timestamp), ("webhook-signature", "v1," + Convert.ToBase64String(hash)));
    }

    private static string Twilio(IEnumerable<(string Name, string Value)> fields, string url = TwilioUrl)
    {
        var signed = url + string.Concat(fields.OrderBy(field => field.Name, StringComparer.Ordinal).Select(field => field.Name + field.Value));
#pragma warning disable CA5350 // As Twilio signs.
        return Convert.ToBase64String(HMACSHA1.HashData("token"u8, Encoding.UTF8.GetBytes(signed)));
#pragma warning restore CA5350
    }

    private Task<Answer> SmsRuAsync(string[] entries, string apiId) => FormAsync(
        "SmsRu",
        [.. entries.Select((entry, index) => ($"data[{index}]", entry)), ("hash", Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(apiId + string.Concat(entries)))))]);

    private Task<Answer> SmscAsync(string status, params (string Name, string Value)[] more) =>
        FormAsync("smsc", [("id", "1234"), ("phone", "79001234567"), ("status", status), ("time", "22.11.2026 12:31:00"), .. more]);

    private Task<Answer> FormAsync(string gateway, (string Name, string Value)[] fields, params (string Name, string Value)[] headers) => Client.ReadAsync(
        HttpMethod.Post, "/sms/receipts/" + gateway, new FormUrlEncodedContent(fields.Select(field => new KeyValuePair<string, string>(field.Name, field.Value))), headers);
}
