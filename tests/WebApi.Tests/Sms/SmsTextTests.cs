using System.Net;
using PhoneAuth.Testing;
using PhoneAuth.WebApi.Tests.Harness;

namespace PhoneAuth.WebApi.Tests.Sms;

internal sealed class SmsTextTests() : ApiTest(DatabaseKind.Sqlite)
{
    protected override (string Key, string Value)[] Settings =>
    [
        ("Sms:AppName", "Den"), ("Sms:Domain", "den.example.com"), ("Sms:Templates:ru", "{code} — код для входа в {app}, который никому нельзя сообщать, никому"),
    ];

    [Test]
    public async Task The_last_line_binds_the_code_to_the_domain()
    {
        var number = Calls.NewNumber();
        await Client.SendCodeAsync(number);
        var message = await Api.Inbox.NextAsync(number);
        Assert.That(message.Text, Is.EqualTo($"{message.Code} is your sign-in code for Den. Do not share it with anyone.\n@den.example.com #{message.Code}"));
    }

    [Test]
    public async Task An_Android_app_gets_its_hash_as_the_last_line()
    {
        var number = Calls.NewNumber();
        var answer = await Client.PostAsync("/send-code", new { phoneNumber = number, androidAppHash = "FA+9qCX9VSu" });
        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.Accepted), answer.Body);
        Assert.That((await Api.Inbox.NextAsync(number)).Text, Does.EndWith("anyone.\nFA+9qCX9VSu"));
    }

    [TestCase("FA+9qCX9VS")]
    [TestCase("FA+9qCX9VSuu")]
    [TestCase("FA-9qCX9VSu")]
    [TestCase("FA+9qCX9VSu\\n")]
    [TestCase("")]
    public async Task What_is_no_app_hash_is_refused(string hash)
    {
        var answer = await Client.PostTextAsync("/send-code", $$"""{"phoneNumber":"{{Calls.NewNumber()}}","androidAppHash":"{{hash}}"}""");
        Assert.That((answer.Status, answer.Code), Is.EqualTo((HttpStatusCode.BadRequest, "validation_failed")));
        Assert.That(answer.Json.GetProperty("errors").TryGetProperty("androidAppHash", out _), Is.True);
    }

    [Test]
    public void A_text_of_two_segments_is_told_at_start() =>
        Assert.That(Api.Logs.Lines, Has.Exactly(1).Contains("The text in ru costs 2 segments").And.Exactly(0).Contains("The text in en"));
}
