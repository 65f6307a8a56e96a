using System.Diagnostics;
using System.Net;
using PhoneAuth.Resilience.Tests.Harness;
using PhoneAuth.Testing;

namespace PhoneAuth.Resilience.Tests.Databases;

/// <summary>PostgreSQL has ten connections to give, and at first it is not there at all.</summary>
[Parallelizable(ParallelScope.Self)]
internal sealed class FewConnectionsTests
{
    private const int Callers = 32;

    /// <summary>All that a request may ask the database for is on: no request may wait for a second connection while it holds one.</summary>
    private static readonly (string Key, string Value)[] Settings =
    [
        .. Unlimited.Settings, ("Sms:MaxPerHour", "1000000"), ("Sms:MaxPerDayByCountry:7", "1000000"), ("Sms:Brake", "Record"), ("RateLimits:SendCodePerHour", "10000"),
        ("RateLimits:FailedCodesPerDay", "10000"),
    ];

    [Test]
    public async Task A_service_that_is_there_before_its_database_serves_when_it_comes_and_goes_on_when_connections_run_out()
    {
        await using var cluster = await PostgresCluster.StartAsync("max_connections=10");
        await using var gateway = await StubGateway.StartAsync();
        cluster.Kill();
        await using var service = ServiceProcess.Serve(cluster.ConnectionString, [.. gateway.Settings, .. Settings]);
        using var client = service.CreateClient();
        await ServiceProcess.UntilAsync(async () => await service.StatusAsync(client, "/health/live") is HttpStatusCode.OK, "It does not live.");
        await Availability.AssertGoneAsync(service, client);
        await cluster.StartAsync();
        var returned = Stopwatch.GetTimestamp();
        await service.ReadyAsync();
        Form.Tell("PostgreSQL absent at start", "ready after it came", "5 s of waiting between two tries", Stopwatch.GetElapsedTime(returned).TotalSeconds, " s");

        Assert.That(await LoadAsync("max_connections 10 under 32-way load", client, gateway), Is.Zero, "They wait for a connection rather than be told to come back.");
        if (!Form.IsLong)
        {
            await Availability.AssertBackAsync(service, client, gateway);
            return;
        }

        await service.StopAsync();
        await using var greedy = ServiceProcess.Serve(cluster.ConnectionString + ";Maximum Pool Size=100", [.. gateway.Settings, .. Settings]);
        await greedy.ReadyAsync();
        using var other = greedy.CreateClient();
        await LoadAsync("max_connections 10 under 32-way load, with a pool of 100", other, gateway);
        await Availability.AssertBackAsync(greedy, other, gateway);
    }

    /// <summary>Returns how often the answer was 503.</summary>
    private static async Task<int> LoadAsync(string what, HttpClient client, StubGateway gateway)
    {
        await using var load = new Load(gateway, () => client, Callers);
        var began = Stopwatch.GetTimestamp();
        await load.EffectsAsync(Form.Of(150, 3000));
        var rate = load.Successes / Stopwatch.GetElapsedTime(began).TotalSeconds;
        await load.EndAsync();
        var lost = await load.Ledger.LostAsync(client, gateway);
        Form.Tell(what, "requests a second", "", rate);
        Form.Tell(what, "answers 503 with Retry-After", "", load.Unavailable);
        Form.Tell(what, "longest answer", "", load.LongestAnswer.TotalSeconds, " s");
        Form.Tell(what, "acknowledged effects lost", "0", lost.Count);
        Assert.That(load.Wrong, Is.Empty);
        Assert.That((load.Broken, lost.Count), Is.EqualTo((0, 0)));
        return load.Unavailable;
    }
}
