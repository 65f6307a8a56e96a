using System.Diagnostics;
using System.Net;
using PhoneAuth.Resilience.Tests.Harness;
using PhoneAuth.Testing;

namespace PhoneAuth.Resilience.Tests.Databases;

/// <summary>PostgreSQL is killed with SIGKILL under load, again and again, and is back two seconds later.</summary>
[Parallelizable(ParallelScope.Self)]
internal sealed class KilledDatabaseTests
{
    private const int Callers = 32;
    private static readonly TimeSpan Away = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan SuccessWithin = TimeSpan.FromSeconds(5);

    [Test]
    public async Task Nothing_acknowledged_is_lost_callers_are_told_to_come_back_and_the_service_mends_itself()
    {
        var kills = Form.Of(2, 5);
        await using var cluster = await PostgresCluster.StartAsync();
        await using var gateway = await StubGateway.StartAsync();
        await using var service = ServiceProcess.Serve(cluster.ConnectionString, [.. gateway.Settings, .. Unlimited.Settings]);
        await service.ReadyAsync();
        using var client = service.CreateClient();
        await using var load = new Load(gateway, () => client, Callers);
        var slowest = TimeSpan.Zero;
        for (var kill = 0; kill < kills; kill++)
        {
            await load.EffectsAsync(Form.Of(200, 4000));
            cluster.Kill();
            var killed = Stopwatch.GetTimestamp();
            await ServiceProcess.UntilAsync(async () => await service.StatusAsync(client, "/health/ready") is HttpStatusCode.ServiceUnavailable, "It stays ready.");
            Assert.That(await service.StatusAsync(client, "/health/live"), Is.EqualTo(HttpStatusCode.OK));
            await ServiceProcess.UntilAsync(() => Task.FromResult(Stopwatch.GetElapsedTime(killed) >= Away), "Time stands still.");
            await cluster.StartAsync();
            var first = await load.FirstSuccessAsync(Stopwatch.GetTimestamp());
            slowest = first > slowest ? first : slowest;
        }

        await load.EndAsync();
        var lost = await load.Ledger.LostAsync(client, gateway);
        var what = $"PostgreSQL killed {kills} times under {Callers}-way load";
        Form.Tell(what, "acknowledged effects", "", load.Ledger.Effects);
        Form.Tell(what, "acknowledged effects lost", "0", lost.Count);
        Form.Tell(what, "answers 503 with Retry-After", "", load.Unavailable);
        Form.Tell(what, "other faulty answers", "0", load.Wrong.Count + load.Broken);
        Form.Tell(what, "first success after its return", "5 s", slowest.TotalSeconds, " s");
        Assert.That(load.Wrong, Is.Empty);
        Assert.That((load.Broken, service.HasExited), Is.EqualTo((0, false)), () => service.Output);
        Assert.That(lost, Is.Empty);
        Assert.That(load.Unavailable, Is.GreaterThan(0));
        Assert.That(slowest, Is.LessThan(SuccessWithin));
    }
}
