using System.Net;
using PhoneAuth.Testing;
using PhoneAuth.WebApi.Tests.Harness;

namespace PhoneAuth.WebApi.Tests.SignIn;

/// <summary>How many texts one number may cost, whoever asks for them.</summary>
[OnBothDatabases]
internal sealed class SendLimitTests(DatabaseKind kind) : ApiTest(kind)
{
    [Test]
    public async Task The_wait_doubles_until_five_in_an_hour_are_sent_and_ten_in_a_day()
    {
        var number = Calls.NewNumber();
        var (start, code) = (Api.Clock.Now, "");
        foreach (var seconds in new[] { 60, 120, 240, 480 })
        {
            code = await Api.RequestCodeAsync(number);
            await AssertRefusedAsync(number, "resend_too_soon", Api.Clock.Now.AddSeconds(seconds));
            Api.Clock.Advance(TimeSpan.FromSeconds(seconds) - TimeSpan.FromMicroseconds(1));
            Assert.That((await Client.SendCodeAsync(number)).Code, Is.EqualTo("resend_too_soon"));
            Api.Clock.Advance(TimeSpan.FromMicroseconds(1));
        }

        code = await Api.RequestCodeAsync(number);
        await AssertRefusedAsync(number, "send_limit_reached", start.AddHours(1));

        // A refused send leaves the code that was sent as it is.
        Assert.That((await Client.VerifyCodeAsync(number, code)).Status, Is.EqualTo(HttpStatusCode.OK));

        Api.Clock.Advance(TimeSpan.FromHours(2));
        foreach (var seconds in new[] { 60, 120, 240, 480, 900 })
        {
            await Api.RequestCodeAsync(number);
            Api.Clock.Advance(TimeSpan.FromSeconds(seconds));
        }

        Api.Clock.Advance(TimeSpan.FromHours(1));
        await AssertRefusedAsync(number, "send_limit_reached", start.AddDays(1));
        Api.Clock.Advance(start.AddDays(1) - Api.Clock.Now - TimeSpan.FromMicroseconds(1));
        Assert.That((await Client.SendCodeAsync(number)).Code, Is.EqualTo("send_limit_reached"));
        Api.Clock.Advance(TimeSpan.FromMicroseconds(1));
        await Api.RequestCodeAsync(number);
    }

    [Test]
    public async Task Parallel_sends_at_two_instances_send_one_text()
    {
        await using var other = Api.StartAnother();
        var number = Calls.NewNumber();
        await Api.RequestCodeAsync(number);
        Api.Clock.Advance(TimeSpan.FromMinutes(1));
        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => (i % 2 == 0 ? Client : other.Client).SendCodeAsync(number)));
        Assert.That(answers.Count(answer => answer.Status == HttpStatusCode.Accepted), Is.EqualTo(1));
        Assert.That(answers.Where(answer => answer.Status != HttpStatusCode.Accepted).Select(answer => answer.Code), Is.All.EqualTo("resend_too_soon"));
    }

    [Test]
    public async Task A_restart_forgets_no_send()
    {
        var number = Calls.NewNumber();
        for (var send = 0; send < 5; send++)
        {
            await using var restarted = Api.StartAnother();
            Assert.That((await restarted.Client.SendCodeAsync(number)).Status, Is.EqualTo(HttpStatusCode.Accepted));
            Assert.That((await restarted.Client.SendCodeAsync(number)).Headers.RetryAfter!.Delta, Is.GreaterThanOrEqualTo(TimeSpan.FromMinutes(1 << send)));
            Api.Clock.Advance(TimeSpan.FromMinutes(1 << send));
        }

        Assert.That((await Client.SendCodeAsync(number)).Code, Is.EqualTo("send_limit_reached"));
    }

    private async Task AssertRefusedAsync(string number, string code, DateTimeOffset retryAt)
    {
        var refused = await Client.SendCodeAsync(number);
        Assert.That((refused.Status, refused.Code, refused.Json.Text("retryAt")), Is.EqualTo((HttpStatusCode.TooManyRequests, code, Calls.Utc(retryAt))));
        Assert.That(refused.Headers.RetryAfter!.Delta, Is.EqualTo(retryAt - Api.Clock.Now));
    }
}

[OnBothDatabases]
internal sealed class UnlimitedSendTests(DatabaseKind kind) : ApiTest(kind)
{
    protected override (string Key, string Value)[] Settings => [("Verification:MaxSendsPerHour", "0"), ("Verification:MaxSendsPerDay", "0")];

    [Test]
    public async Task The_wait_doubles_to_a_quarter_of_an_hour_and_begins_anew_after_a_quiet_hour()
    {
        var number = Calls.NewNumber();
        foreach (var minutes in new[] { 1, 2, 4, 8, 15, 15, 15, 15 })
        {
            await Api.RequestCodeAsync(number);
            Assert.That((await Client.SendCodeAsync(number)).Headers.RetryAfter!.Delta, Is.EqualTo(TimeSpan.FromMinutes(minutes)));
            Api.Clock.Advance(TimeSpan.FromMinutes(minutes));
        }

        Api.Clock.Advance(TimeSpan.FromHours(1));
        await Api.RequestCodeAsync(number);
        Assert.That((await Client.SendCodeAsync(number)).Headers.RetryAfter!.Delta, Is.EqualTo(TimeSpan.FromMinutes(1)));
    }
}
