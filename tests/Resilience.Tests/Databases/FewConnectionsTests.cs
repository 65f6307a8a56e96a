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

    [Test]
    public async Task A_service_that_is_there_before_its_database_serves_when_it_comes_and_goes_on_when_connections_run_out()
    {
        await using var cluster = await PostgresCluster.StartAsync("max_connections=10");
        await using var gateway = await StubGateway.StartAsync();
        cluster.Kill();
        await using var service = ServiceProcess.Serve(cluster.ConnectionString, [.. gateway.Settings, .. Unlimited.Settings]);
        using var client = service.CreateClient();
        await ServiceProcess.UntilAsync(async () => await service.StatusAsync(client, "/health/live") is HttpStatusCode.OK, "It does not live.");
        await Availability.AssertGoneAsync(service, client);
        await cluster.StartAsync();
        var returned = Stopwatch.GetTimestamp();
        await service.ReadyAsync();
        Form.Tell("PostgreSQL absent at start", "ready after it came", "5 s of waiting between two tries", Stopwatch.GetElapsedTime(returned).TotalSeconds, " s");

        await using var load = new Load(gateway, () => client, Callers);
        var began = Stopwatch.GetTimestamp();
        await load.EffectsAsync(Form.Of(300, 3000));
        var rate = load.Successes / Stopwatch.GetElapsedTime(began).TotalSeconds;
        await load.EndAsync();
        var lost = await load.Ledger.LostAsync(client, gateway);
        const string What = "max_connections 10 under 32-way load";
        Form.Tell(What, "requests a second", "", rate);
        Form.Tell(What, "answers 503", "", load.Unavailable);
        Form.Tell(What, "longest answer", "", load.LongestAnswer.TotalSeconds, " s");
        Form.Tell(What, "acknowledged effects lost", "0", lost.Count);
        Assert.That(load.Wrong, Is.Empty);
        Assert.That((load.Broken, lost.Count), Is.EqualTo((0, 0)), () => service.Output);
        await Availability.AssertBackAsync(service, client, gateway);
    }
}
