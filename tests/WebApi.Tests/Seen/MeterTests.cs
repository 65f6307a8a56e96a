using System.Net;
using Microsoft.Extensions.DependencyInjection;
using PhoneAuth.Infrastructure.Sms;
using PhoneAuth.Testing;
using PhoneAuth.WebApi.Tests.Harness;

namespace PhoneAuth.WebApi.Tests.Seen;

[OnBothDatabases]
internal sealed class MeterTests(DatabaseKind kind) : ApiTest(kind)
{
    [Test]
    public async Task A_code_that_is_sent_and_typed_back_is_counted_by_country()
    {
        using var measured = new Measured(Api);
        const string Number = "+447911000001";
        var code = await Api.RequestCodeAsync(Number);
        Api.Clock.Advance(TimeSpan.FromSeconds(42));
        await Client.VerifyCodeAsync(Number, code);
        var verified = measured.Of("phoneauth.codes.verified").Single(one => one["phoneauth.country"] == "44");
        var took = measured.Of("phoneauth.codes.time_to_verify").Single(one => one["phoneauth.country"] == "44");
        Assert.Multiple(() =>
        {
            Assert.That(verified.Value, Is.EqualTo(1));
            Assert.That(took.Value, Is.EqualTo(42));
            Assert.That(verified.Tags.Keys, Is.EquivalentTo(new[] { "phoneauth.gateway", "phoneauth.country" }));
        });
    }

    [Test]
    public async Task Nothing_that_is_measured_holds_a_number_a_code_or_a_token()
    {
        using var measured = new Measured(Api);
        var number = Calls.NewNumber();
        var person = await Api.SignInAsync(number);
        await person.ProfileAsync();
        await Client.VerifyCodeAsync(number, "0000");
        await Client.PostAsync("/refresh-token", new { refreshToken = person.RefreshToken });
        var words = measured.All.SelectMany(one => one.Tags.Values).OfType<string>().ToHashSet(StringComparer.Ordinal);
        Assert.That(words, Is.Not.Empty);
        Assert.That(words.Where(word => word.Contains(number[1..], StringComparison.Ordinal) || word.Contains(person.RefreshToken, StringComparison.Ordinal)), Is.Empty);
        Assert.That(words.Where(word => word.Length > 4 && word.All(char.IsAsciiDigit)), Is.Empty);
    }

    [Test]
    public async Task A_lock_is_counted_once_and_every_refusal_by_its_code()
    {
        using var measured = new Measured(Api);
        var number = Calls.NewNumber();
        for (var round = 0; round < 2; round++)
        {
            var code = await Api.RequestCodeAsync(number);
            for (var guess = 0; guess < 5; guess++)
            {
                await Client.VerifyCodeAsync(number, Calls.Wrong(code));
            }

            Api.Clock.Advance(TimeSpan.FromMinutes(10));
        }

        Assert.That((await Client.VerifyCodeAsync(number, "0000")).Code, Is.EqualTo("phone_locked"));
        Assert.That(measured.Of("phoneauth.numbers.locked").Select(one => (one["phoneauth.country"], one["phoneauth.lock"])), Is.EqualTo(new[] { ("7", "locked") }));
        var refusals = measured.Of("phoneauth.refusals").Select(one => one["phoneauth.refusal"]).ToList();
        Assert.That(refusals.Count(word => word == "code_invalid"), Is.EqualTo(10));
        Assert.That(refusals, Has.Member("phone_locked"));
    }

    [Test]
    public async Task A_refresh_token_used_again_is_counted_and_an_expired_one_is_not()
    {
        using var measured = new Measured(Api);
        var person = await Api.SignInAsync();
        var next = await Client.PostAsync("/refresh-token", new { refreshToken = person.RefreshToken });
        Api.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.That((await Client.PostAsync("/refresh-token", new { refreshToken = person.RefreshToken })).Status, Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(measured.Of("phoneauth.sessions.reused").Sum(one => one.Value), Is.EqualTo(1));

        var other = await Api.SignInAsync();
        Api.Clock.Advance(TimeSpan.FromDays(31));
        Assert.That((await Client.PostAsync("/refresh-token", new { refreshToken = other.RefreshToken })).Status, Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(measured.Of("phoneauth.sessions.reused").Sum(one => one.Value), Is.EqualTo(1));
        Assert.That(next.Status, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task What_waits_for_a_gateway_is_counted_and_its_age_grows()
    {
        using var measured = new Measured(Api);
        var number = Calls.NewNumber();
        var release = new TaskCompletionSource<SmsOutcome>(TaskCreationOptions.RunContinuationsAsynchronously);
        Api.Inbox.Answer = message => message.PhoneNumber.E164 == number ? release.Task : TestInbox.Accepted;
        await Api.RequestCodeAsync(number);
        Assert.That(await QueueAsync(measured, (depth, _) => depth == 1), Is.GreaterThan(0));
        release.SetResult(SmsOutcome.Accepted());
        Assert.That(await QueueAsync(measured, (depth, age) => depth == 0 && age == 0), Is.Zero);
    }

    [Test]
    public async Task The_first_receipt_of_a_text_is_counted_by_gateway_and_country_whenever_it_comes()
    {
        using var measured = new Measured(Api);
        var book = Api.Services.GetRequiredService<IReceiptBook>();
        Api.Inbox.Answer = message => Task.FromResult(SmsOutcome.Accepted("of-" + message.PhoneNumber.E164[1..]));
        await book.RecordAsync("Simulated", [new SmsReceipt("of-447911000003", Delivered: false)], default);
        foreach (var number in new[] { "+447911000002", "+447911000003" })
        {
            await Api.RequestCodeAsync(number);
            await SentAsync(number);
        }

        for (var again = 0; again < 2; again++)
        {
            await book.RecordAsync("Simulated", [new SmsReceipt("of-447911000002", Delivered: true)], default);
        }

        foreach (var (name, number) in new[] { ("phoneauth.codes.delivered", 1), ("phoneauth.codes.failed", 1) })
        {
            var counted = measured.Of(name).Where(one => one["phoneauth.country"] == "44").ToList();
            Assert.That(counted.Sum(one => one.Value), Is.EqualTo(number), name);
            Assert.That(counted.Select(one => one["phoneauth.gateway"]), Is.All.EqualTo("Simulated"));
        }
    }

    /// <summary>Turns the clock until the queue that is seen is as it should be. Returns the age of the oldest text then, in seconds.</summary>
    private async Task<double> QueueAsync(Measured measured, Func<double, double, bool> holds)
    {
        var age = -1d;
        await ServiceProcess.UntilAsync(
            () =>
            {
                Api.Clock.Advance(TimeSpan.FromSeconds(2));
                measured.Look();
                age = measured.Of("phoneauth.queue.age").Last().Value;
                return Task.FromResult(holds(measured.Of("phoneauth.queue.depth").Last().Value, age));
            },
            "The queue is not seen.");
        return age;
    }

    private Task SentAsync(string number) => ServiceProcess.UntilAsync(
        async () => (await Client.SendCodeAsync(number)).Json.Text("delivery") != "queued", "The text is not recorded.");
}
