using System.Diagnostics;
using System.Globalization;
using PhoneAuth.Resilience.Tests.Harness;
using PhoneAuth.Testing;

namespace PhoneAuth.Resilience.Tests.Databases;

/// <summary>The primary is lost for good under load, and the standby that has every commit takes its place.</summary>
[Parallelizable(ParallelScope.Self)]
internal sealed class FailoverTests
{
    private const int Callers = 32;
    private const string StandbyName = "standby";
    private static readonly TimeSpan SuccessWithin = TimeSpan.FromSeconds(10);

    [Test]
    public async Task Nothing_acknowledged_is_lost_with_a_primary_whose_standby_takes_over()
    {
        await using var primary = await PostgresCluster.StartAsync();
        await using var standby = await primary.FollowAsync(StandbyName);
        await primary.ExecuteAsync($"ALTER SYSTEM SET synchronous_standby_names = '{StandbyName}'");
        await primary.ExecuteAsync("SELECT pg_reload_conf()");
        await ServiceProcess.UntilAsync(
            () => primary.ReadAsync<bool>("SELECT EXISTS (SELECT FROM pg_stat_replication WHERE sync_state = 'sync')"), "The standby does not follow.");
        await using var gateway = await StubGateway.StartAsync();
        var hosts = string.Create(CultureInfo.InvariantCulture, $"Host=127.0.0.1:{primary.Port},127.0.0.1:{standby.Port};Target Session Attributes=primary;Host Recheck Seconds=1");
        await using var service = ServiceProcess.Serve(
            primary.ConnectionString + ";" + hosts, [.. gateway.Settings, .. Unlimited.Settings]);
        await service.ReadyAsync();
        using var client = service.CreateClient();
        await using var load = new Load(gateway, () => client, Callers);
        await load.EffectsAsync(Form.Of(200, 3000));
        var lostAt = Stopwatch.GetTimestamp();
        primary.Kill();
        Assert.That(await standby.ReadAsync<bool>("SELECT pg_promote()"), Is.True);
        var first = await load.FirstSuccessAsync(Stopwatch.GetTimestamp());
        var away = Stopwatch.GetElapsedTime(lostAt);
        await load.EffectsAsync(Form.Of(100, 1500));
        await load.EndAsync();
        var lost = await load.Ledger.LostAsync(client, gateway);
        const string What = "Primary lost under 32-way load, synchronous standby promoted";
        Form.Tell(What, "acknowledged effects", "", load.Ledger.Effects);
        Form.Tell(What, "acknowledged effects lost", "0", lost.Count);
        Form.Tell(What, "answers 503 with Retry-After", "", load.Unavailable);
        Form.Tell(What, "other faulty answers", "0", load.Wrong.Count + load.Broken);
        Form.Tell(What, "first success after the promotion", "", first.TotalSeconds, " s");
        Form.Tell(What, "first success after the loss", "10 s", away.TotalSeconds, " s");
        Assert.That(load.Wrong, Is.Empty);
        Assert.That((load.Broken, service.HasExited), Is.EqualTo((0, false)));
        Assert.That(lost, Is.Empty);
        Assert.That(away, Is.LessThan(SuccessWithin));
    }
}
