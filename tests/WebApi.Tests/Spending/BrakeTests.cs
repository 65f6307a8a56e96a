using System.Net;
using Microsoft.Extensions.DependencyInjection;
using PhoneAuth.Infrastructure.Spending;
using PhoneAuth.Testing;
using PhoneAuth.WebApi.Tests.Harness;

namespace PhoneAuth.WebApi.Tests.Spending;

[OnBothDatabases]
[Parallelizable(ParallelScope.Self)]
internal sealed class BrakeTests(DatabaseKind kind)
{
    private const int Honest = 60;

    [Test]
    public async Task A_quiet_country_gets_three_texts_that_nobody_types_back_and_a_verified_code_opens_it_again()
    {
        await using var api = await StartAsync("Enforce");
        var codes = new List<(string Number, string Code)>();
        for (var i = 0; i < 3; i++)
        {
            var number = Attack.Number("44791", i + 1000);
            Assert.That((await Attack.SendAsync(api, number, $"198.51.100.{i}")).Status, Is.EqualTo(HttpStatusCode.Accepted));
            codes.Add((number, (await api.Inbox.NextAsync(number)).Code));
        }

        var refused = await Attack.SendAsync(api, "+447911999999", "198.51.100.9");
        Assert.That((refused.Status, refused.Code), Is.EqualTo((HttpStatusCode.TooManyRequests, "too_many_requests")));
        Assert.That(refused.Json.Text("retryAt"), Is.EqualTo("2026-11-22T09:35:00Z"));
        Assert.That(api.Logs.Lines, Has.Some.Contains("No text to country code 44: country_hour"));
        Assert.That((await Attack.SendAsync(api, Calls.NewNumber(), "198.51.100.9")).Status, Is.EqualTo(HttpStatusCode.Accepted), "other countries go on");

        await api.Client.VerifyCodeAsync(codes[0].Number, codes[0].Code);
        Assert.That((await Attack.SendAsync(api, "+447911999999", "198.51.100.9")).Status, Is.EqualTo(HttpStatusCode.Accepted), "drained by the verified code");
        Assert.That((await Attack.SendAsync(api, "+447911999998", "198.51.100.9")).Code, Is.EqualTo("too_many_requests"));
    }

    [Test]
    public async Task An_hour_after_the_last_text_of_an_attack_the_country_is_open_again()
    {
        await using var api = await StartAsync("Enforce");
        for (var i = 0; i < 10; i++)
        {
            await Attack.SendAsync(api, Attack.Number("44791", i + 1000), $"198.51.100.{i}");
        }

        Assert.That(api.Inbox.Count, Is.LessThanOrEqualTo(3));
        api.Clock.Advance(new TimeSpan(1, 5, 0));
        Assert.That((await Attack.SendAsync(api, "+447911999999", "198.51.100.99")).Status, Is.EqualTo(HttpStatusCode.Accepted));
    }

    [Test]
    public async Task An_attack_from_four_hundred_addresses_gets_a_trickle_and_people_who_signed_in_before_go_on()
    {
        await using var api = await StartAsync("Enforce");
        await using var other = api.StartAnother();
        var homes = Enumerable.Range(0, Honest).Select(i => (Number: Attack.Number("79050", i)[..12], Address: $"203.0.113.{i}")).ToArray();

        // The day before: everybody signs in at home, each a little after the other.
        var served = 0;
        foreach (var (number, address) in homes)
        {
            served += await Attack.SignInFromAsync(api, number, address) ? 1 : 0;
        }

        Assert.That(served, Is.EqualTo(Honest), "honest traffic is never held back");
        await ExchangeAsync(api, other);
        api.Clock.Advance(TimeSpan.FromHours(2));

        // The attack, through both instances, while the same people come back.
        var pumped = 0;
        for (var i = 0; i < 400; i++)
        {
            pumped += (await Attack.SendAsync(i % 2 == 0 ? api : other, Attack.Number("7900", i), $"198.51.{i / 250}.{i % 250}")).Status == HttpStatusCode.Accepted ? 1 : 0;
            if (i % 20 == 0)
            {
                await ExchangeAsync(api, other);
            }
        }

        var (back, waiting) = (0, 0);
        foreach (var (number, address) in homes)
        {
            _ = await Attack.SignInFromAsync(api, number, address) ? back++ : waiting++;
        }

        TestContext.Out.WriteLine($"400 texts asked for by an attacker: {pumped} sent. {Honest} people came back meanwhile: {back} signed in, {waiting} had to wait.");
        Assert.That(pumped, Is.LessThanOrEqualTo(10));
        Assert.That(waiting, Is.Zero);
    }

    [Test]
    public async Task One_address_that_types_nothing_back_is_held_back_by_itself()
    {
        await using var api = await StartAsync("Enforce", ("Sms:BrakeLimits:CountryPerHour", "1000"), ("Sms:BrakeLimits:CountryPerDay", "1000"));
        for (var i = 0; i < 5; i++)
        {
            Assert.That((await Attack.SendAsync(api, Calls.NewNumber(), $"2001:db8::{i + 1}")).Status, Is.EqualTo(HttpStatusCode.Accepted));
        }

        var refused = await Attack.SendAsync(api, Calls.NewNumber(), "2001:db8::ffff");
        Assert.That((refused.Code, refused.Json.Text("retryAt")), Is.EqualTo(("too_many_requests", "2026-11-22T10:30:00Z")));
        Assert.That((await Attack.SendAsync(api, Calls.NewNumber(), "2001:db8:0:1::1")).Status, Is.EqualTo(HttpStatusCode.Accepted), "another /64");
    }

    [Test]
    public async Task Two_instances_see_each_others_texts_and_verified_codes()
    {
        await using var api = await StartAsync("Enforce");
        await using var other = api.StartAnother();
        var number = Attack.Number("44791", 1000);
        Assert.That((await Attack.SendAsync(api, number, "198.51.100.1")).Status, Is.EqualTo(HttpStatusCode.Accepted));
        await Attack.SendAsync(api, Attack.Number("44791", 1001), "198.51.100.2");
        await Attack.SendAsync(api, Attack.Number("44791", 1002), "198.51.100.3");
        await ExchangeAsync(api, other);
        Assert.That((await Attack.SendAsync(other, "+447911999999", "198.51.100.4")).Code, Is.EqualTo("too_many_requests"));

        await api.Client.VerifyCodeAsync(number, (await api.Inbox.NextAsync(number)).Code);
        await ExchangeAsync(api, other);
        Assert.That((await Attack.SendAsync(other, "+447911999999", "198.51.100.4")).Status, Is.EqualTo(HttpStatusCode.Accepted));
    }

    [Test]
    public async Task What_an_instance_counted_last_is_written_as_it_stops_so_that_the_others_know()
    {
        await using var api = await StartAsync("Enforce");
        await using (var other = api.StartAnother())
        {
            for (var i = 0; i < 3; i++)
            {
                Assert.That((await Attack.SendAsync(other, Attack.Number("44791", i + 1000), $"198.51.100.{i}")).Status, Is.EqualTo(HttpStatusCode.Accepted));
            }
        }

        Assert.That((await Attack.SendAsync(api, "+447911999999", "198.51.100.9")).Code, Is.EqualTo("too_many_requests"));
    }

    [TestCase("Record", ExpectedResult = true)]
    [TestCase("Off", ExpectedResult = false)]
    public async Task<bool> Where_it_does_not_enforce_everything_is_sent_and_only_where_it_records_it_says_so(string mode)
    {
        await using var api = await StartAsync(mode);
        using var measured = new Measured(api);
        for (var i = 0; i < 6; i++)
        {
            Assert.That((await Attack.SendAsync(api, Attack.Number("44791", i + 1000), $"198.51.100.{i}")).Status, Is.EqualTo(HttpStatusCode.Accepted));
        }

        Assert.That(measured.Of("phoneauth.brake.decisions").Count(one => one["phoneauth.outcome"] == "refused"), Is.Zero);
        var recorded = measured.Of("phoneauth.brake.decisions").Count(one => one["phoneauth.outcome"] == "recorded" && one["phoneauth.reason"] == "country_hour");
        Assert.That(recorded, Is.EqualTo(string.Equals(mode, "Record", StringComparison.Ordinal) ? 3 : 0));
        return api.Logs.Lines.Any(line => line.Contains("The brake would have refused a text to country code 44: country_hour", StringComparison.Ordinal));
    }

    [Test]
    public async Task Test_numbers_are_never_counted_and_never_held_back()
    {
        await using var api = await StartAsync(
            "Enforce",
            ("Verification:TestNumbers:0:PhoneNumber", "+447911000001"), ("Verification:TestNumbers:0:Code", "0427"), ("Verification:TestNumbers:0:ExpiresAt", "2027-01-01T00:00:00Z"));
        for (var i = 0; i < 20; i++)
        {
            Assert.That((await Attack.SendAsync(api, "+447911000001", "198.51.100.1")).Status, Is.EqualTo(HttpStatusCode.Accepted));
            Assert.That((await api.Client.VerifyCodeAsync("+447911000001", "0427")).Status, Is.EqualTo(HttpStatusCode.OK));
        }

        for (var i = 0; i < 3; i++)
        {
            Assert.That((await Attack.SendAsync(api, Attack.Number("44791", i + 1000), $"198.51.100.{i}")).Status, Is.EqualTo(HttpStatusCode.Accepted));
        }

        Assert.That((await Attack.SendAsync(api, "+447911999999", "198.51.100.9")).Code, Is.EqualTo("too_many_requests"), "a fixed code earns nothing");
    }

    private static async Task ExchangeAsync(params Api[] instances)
    {
        // Twice around: the first has then read what the last has written.
        foreach (var instance in instances.Concat(instances))
        {
            await instance.Services.GetRequiredService<CountryTrafficLedger>().ExchangeAsync(CancellationToken.None);
        }
    }

    private Task<Api> StartAsync(string mode, params (string Key, string Value)[] settings) =>
        Api.StartAsync(kind, [("Sms:Brake", mode), ("Verification:ResendWait", "00:00:00"), ("Verification:MaxSendsPerHour", "0"), ("Verification:MaxSendsPerDay", "0"), .. settings]);
}
