using System.Net;
using PhoneAuth.Resilience.Tests.Harness;
using PhoneAuth.Testing;

namespace PhoneAuth.Resilience.Tests.Clocks;

/// <summary>The system's clock is set while the service runs, and two instances do not agree on the time.</summary>
[Parallelizable(ParallelScope.Self)]
internal sealed class ClockTests
{
    private static readonly DatabaseKind[] Databases = Form.Databases(DatabaseKind.Sqlite);
    private const int SendsPerNumber = 5;
    private static readonly TimeSpan Eleven = TimeSpan.FromMinutes(11);
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan Apart = TimeSpan.FromSeconds(60);
    private static readonly (string Key, string Value)[] LongestLife = [("Verification:Lifetime", "00:10:00"), ("Verification:MaxSendsPerHour", "5")];

    /// <summary>Where clocks may be a minute apart, it is what the longest life leaves.</summary>
    private static readonly (string Key, string Value) LongestLifeOfMany = ("Verification:Lifetime", "00:09:00");

    [TestCaseSource(nameof(Databases))]
    public async Task A_clock_that_is_set_revives_no_code_and_opens_no_limit(DatabaseKind kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        await using var gateway = await StubGateway.StartAsync();
        using var clock = new FakedClock();
        await using var service = ServiceProcess.Serve(database.ConnectionString, [.. gateway.Settings, .. Unlimited.Settings, .. LongestLife, .. clock.Settings]);
        await service.ReadyAsync();
        using var client = service.CreateClient();
        var (early, locked, full) = (Calls.NewNumber(), Calls.NewNumber(), Calls.NewNumber());
        var (accepted, closed) = (0, 0);

        async Task LookAsync(string code)
        {
            accepted += (await client.VerifyCodeAsync(early, code)).Status is HttpStatusCode.OK ? 1 : 0;
            closed += (await client.VerifyCodeAsync(locked, code)).Code == "phone_locked" ? 1 : 0;
            closed += (await client.SendCodeAsync(locked)).Code == "phone_locked" ? 1 : 0;
            closed += (await client.SendCodeAsync(full)).Code == "send_limit_reached" ? 1 : 0;
        }

        await LockAsync(client, gateway, locked);
        for (var send = 0; send < SendsPerNumber; send++)
        {
            await CodeAsync(client, gateway, full);
        }

        var person = await Availability.SignInAsync(client, gateway);
        var old = await CodeAsync(client, gateway, early);
        await clock.SetAsync(Eleven, client);
        await LookAsync(old);
        await ServesAsync(client, gateway, person);

        old = await CodeAsync(client, gateway, early);
        await clock.SetAsync(Eleven - Hour, client);
        await LookAsync(old);
        await ServesAsync(client, gateway, person);

        await clock.SetAsync(Eleven, client);
        Assert.That((await Availability.SignInAsync(client, gateway)).Status, Is.EqualTo(HttpStatusCode.OK));
        var faults = service.Lines.Count(line => line.Contains("\"@l\":\"Error\"", StringComparison.Ordinal));
        var what = $"Clock 11 minutes forward, then one hour back, on {kind}";
        Form.Tell(what, "codes accepted after it", "0", accepted);
        Form.Tell(what, "limits that stayed closed", "6 of 6", closed);
        Form.Tell(what, "errors of the service", "0", faults);
        Assert.That((accepted, closed, faults), Is.EqualTo((0, 6, 0)), () => service.Output);
    }

    [Test]
    public async Task Instances_whose_clocks_are_a_minute_apart_accept_each_others_codes_and_none_that_is_old()
    {
        await using var database = await TestDatabase.CreateAsync(DatabaseKind.PostgreSql);
        await using var gateway = await StubGateway.StartAsync();
        using var ahead = new FakedClock(Apart);
        using var right = new FakedClock();
        await using var first = ServiceProcess.Serve(database.ConnectionString, [.. gateway.Settings, .. Unlimited.Settings, LongestLifeOfMany, .. ahead.Settings]);
        await using var second = ServiceProcess.Serve(database.ConnectionString, [.. gateway.Settings, .. Unlimited.Settings, LongestLifeOfMany, .. right.Settings]);
        await Task.WhenAll(first.ReadyAsync(), second.ReadyAsync());
        using var client = first.CreateClient();
        using var other = second.CreateClient();
        var accepted = 0;
        foreach (var (sender, verifier) in new[] { (client, other), (other, client) })
        {
            var (fresh, stale, locked) = (Calls.NewNumber(), Calls.NewNumber(), Calls.NewNumber());
            var signedIn = await verifier.VerifyCodeAsync(fresh, await CodeAsync(sender, gateway, fresh));
            Assert.That(signedIn.Status, Is.EqualTo(HttpStatusCode.OK), signedIn.Body);
            var profiles = await Task.WhenAll(
                sender.AskAsync(HttpMethod.Get, "/profile", signedIn.Json.Text("accessToken")), verifier.AskAsync(HttpMethod.Get, "/profile", signedIn.Json.Text("accessToken")));
            Assert.That(profiles.Select(profile => profile.Status), Is.All.EqualTo(HttpStatusCode.OK));
            await LockAsync(sender, gateway, locked);
            Assert.That((await verifier.SendCodeAsync(locked)).Code, Is.EqualTo("phone_locked"));

            var old = await CodeAsync(sender, gateway, stale);
            (TimeSpan Ahead, TimeSpan Right) later = (Apart + TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(10));
            await Task.WhenAll(ahead.SetAsync(later.Ahead, client), right.SetAsync(later.Right, other));
            accepted += (await verifier.VerifyCodeAsync(stale, old)).Status is HttpStatusCode.OK ? 1 : 0;
            await Task.WhenAll(ahead.SetAsync(Apart, client), right.SetAsync(TimeSpan.Zero, other));
        }

        Form.Tell("Clocks of two instances a minute apart", "codes older than 10 minutes accepted", "0", accepted);
        Assert.That(accepted, Is.Zero);
    }

    private static async Task<string> CodeAsync(HttpClient client, StubGateway gateway, string number)
    {
        var arriving = gateway.NextAsync(number);
        var sent = await client.SendCodeAsync(number);
        Assert.That(sent.Status, Is.EqualTo(HttpStatusCode.Accepted), sent.Body);
        return (await arriving).Code;
    }

    private static async Task LockAsync(HttpClient client, StubGateway gateway, string number)
    {
        for (var code = 0; code < 2; code++)
        {
            var wrong = Calls.Wrong(await CodeAsync(client, gateway, number));
            for (var guess = 0; guess < 5; guess++)
            {
                Assert.That((await client.VerifyCodeAsync(number, wrong)).Code, Is.EqualTo("code_invalid"));
            }
        }
    }

    /// <summary>Somebody new can sign in, and who was signed in is told something sensible.</summary>
    private static async Task ServesAsync(HttpClient client, StubGateway gateway, Answer person)
    {
        var fresh = await Availability.SignInAsync(client, gateway);
        Assert.That((await client.AskAsync(HttpMethod.Get, "/profile", fresh.Json.Text("accessToken"))).Status, Is.EqualTo(HttpStatusCode.OK));
        var known = await client.AskAsync(HttpMethod.Get, "/profile", person.Json.Text("accessToken"));
        Assert.That(known.Status, Is.EqualTo(HttpStatusCode.OK).Or.EqualTo(HttpStatusCode.Unauthorized));
        var refreshed = await client.PostAsync("/refresh-token", new { refreshToken = person.Json.Text("refreshToken") });
        Assert.That(refreshed.Status, Is.EqualTo(HttpStatusCode.OK).Or.EqualTo(HttpStatusCode.Unauthorized), refreshed.Body);
        Assert.That((await client.GetAsync("/health/ready")).StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }
}
