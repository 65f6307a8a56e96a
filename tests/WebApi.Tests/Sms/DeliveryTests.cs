using System.Net;
using PhoneAuth.Infrastructure.Sms;
using PhoneAuth.Testing;
using PhoneAuth.WebApi.Tests.Harness;

namespace PhoneAuth.WebApi.Tests.Sms;

[OnBothDatabases]
internal sealed class DeliveryTests(DatabaseKind kind) : ApiTest(kind)
{
    [Test]
    public async Task Whoever_asks_again_too_soon_hears_how_far_the_text_has_come()
    {
        var number = Calls.NewNumber();
        var release = new TaskCompletionSource<SmsOutcome>(TaskCreationOptions.RunContinuationsAsynchronously);
        Api.Inbox.Answer = message => message.PhoneNumber.E164 == number ? release.Task : TestInbox.Accepted;
        await Api.RequestCodeAsync(number);
        var queued = await Client.SendCodeAsync(number);
        Assert.That((queued.Status, queued.Code, queued.Json.Text("delivery")), Is.EqualTo((HttpStatusCode.TooManyRequests, "resend_too_soon", "queued")));

        release.SetResult(SmsOutcome.Accepted());
        Answer sent;
        do
        {
            sent = await Client.SendCodeAsync(number);
        }
        while (sent.Json.Text("delivery") == "queued");
        Assert.That(sent.Json.Text("delivery"), Is.EqualTo("sent"));
    }

    [Test]
    public async Task When_no_code_is_live_there_is_no_text_to_tell_of()
    {
        var person = await Api.SignInAsync();
        var again = await Client.SendCodeAsync(person.PhoneNumber);
        Assert.That((again.Code, again.Json.TryGetProperty("delivery", out _)), Is.EqualTo(("resend_too_soon", false)));
    }
}
