using System.Globalization;
using System.Net;
using PhoneAuth.Resilience.Tests.Harness;
using PhoneAuth.Testing;

namespace PhoneAuth.Resilience.Tests.Soak;

/// <summary>The same people come and go for a long time, while what has expired is purged: nothing grows. In short form it only shows that everybody gets through.</summary>
[Parallelizable(ParallelScope.Self)]
internal sealed class SoakTests
{
    private const int Callers = 8;
    private const int NumbersPerCaller = 50;
    private const int Samples = 40;
    private const double Megabyte = 1024 * 1024;
    private static readonly TimeSpan Time = Form.IsLong
        ? TimeSpan.FromMinutes(double.Parse(Environment.GetEnvironmentVariable("PHONEAUTH_RESILIENCE_SOAK_MINUTES") ?? "15", CultureInfo.InvariantCulture))
        : TimeSpan.FromSeconds(2);

    [Test]
    public async Task Memory_handles_threads_connections_and_the_database_stay_as_they_are()
    {
        await using var cluster = await PostgresCluster.StartAsync("autovacuum_naptime=5s");
        await using var gateway = await StubGateway.StartAsync();
        (string Key, string Value)[] settings = [.. gateway.Settings, .. Unlimited.Settings];
        await using var service = ServiceProcess.Serve(cluster.ConnectionString, settings);
        await service.ReadyAsync();
        using var end = new CancellationTokenSource();
        var callers = Enumerable.Range(0, Callers).Select(caller => Task.Run(() => CallAsync(service, gateway, caller, end.Token))).ToList();
        var samples = new List<Sample>();
        using var timer = new PeriodicTimer(Time / Samples);
        while (samples.Count < Samples && !callers.Exists(caller => caller.IsCompleted))
        {
            await timer.WaitForNextTickAsync();
            if (Form.IsLong)
            {
                await PurgeAsync(cluster);
            }

            samples.Add(new Sample(
                ProcessFigures.Memory(service.Id) / Megabyte,
                ProcessFigures.Handles(service.Id),
                ProcessFigures.Threads(service.Id),
                await cluster.ReadAsync<long>("SELECT count(*) FROM pg_stat_activity WHERE datname = 'phoneauth'"),
                await cluster.ReadAsync<long>("SELECT pg_database_size('phoneauth') - pg_total_relation_size('sms_receipts')", "phoneauth") / Megabyte));
        }

        await end.CancelAsync();
        var stories = (await Task.WhenAll(callers)).Sum();
        var what = string.Create(CultureInfo.InvariantCulture, $"Soak of {Time.TotalMinutes:0.#} minutes, {Callers} callers");
        Form.Tell(what, "sign-ins, refreshes and deletions", "", 3 * stories);
        var (early, late) = (Mean(samples[(Samples / 4)..(Samples / 2)]), Mean(samples[(3 * Samples / 4)..]));
        Tell("memory", "MB", early.Memory, late.Memory, "10 %");
        Tell("handles", "", early.Handles, late.Handles, "10");
        Tell("threads", "", early.Threads, late.Threads, "5");
        Tell("connections to PostgreSQL", "", early.Connections, late.Connections, "2");
        Tell("database, without the receipts that are kept of each text,", "MB", early.Database, late.Database, "10 %");
        if (Form.IsLong)
        {
            Assert.Multiple(() =>
            {
                Assert.That(stories, Is.GreaterThan(Callers));
                Assert.That(late.Memory, Is.LessThan(early.Memory * 1.1));
                Assert.That(late.Handles, Is.LessThan(early.Handles + 10));
                Assert.That(late.Threads, Is.LessThan(early.Threads + 5));
                Assert.That(late.Connections, Is.LessThan(early.Connections + 2));
                Assert.That(late.Database, Is.LessThan(early.Database * 1.1));
            });
        }

        void Tell(string figure, string unit, double before, double after, string promise)
        {
            Form.Tell(what, figure + " in the second quarter", "", before, " " + unit);
            Form.Tell(what, figure + " in the last quarter", "at most " + promise + " more", after, " " + unit);
        }
    }

    /// <summary>Signs the same few people in, refreshes and deletes them, again and again. Returns how often.</summary>
    private static async Task<int> CallAsync(ServiceProcess service, StubGateway gateway, int caller, CancellationToken end)
    {
        using var client = service.CreateClient();
        var stories = 0;
        for (; !end.IsCancellationRequested; stories++)
        {
            var number = string.Create(CultureInfo.InvariantCulture, $"+7901{caller:000}{stories % NumbersPerCaller:0000}");
            var arriving = gateway.NextAsync(number);
            var sent = await client.SendCodeAsync(number);
            Assert.That(sent.Status, Is.EqualTo(HttpStatusCode.Accepted), sent.Body);
            var verified = await client.VerifyCodeAsync(number, (await arriving).Code);
            Assert.That(verified.Status, Is.EqualTo(HttpStatusCode.OK), verified.Body);
            var refreshed = await client.PostAsync("/refresh-token", new { refreshToken = verified.Json.Text("refreshToken") });
            Assert.That(refreshed.Status, Is.EqualTo(HttpStatusCode.OK), refreshed.Body);
            var deleted = await client.AskAsync(HttpMethod.Delete, "/profile/" + number, refreshed.Json.Text("accessToken"));
            Assert.That(deleted.Status, Is.EqualTo(HttpStatusCode.NoContent), deleted.Body);
        }

        return stories;
    }

    private static async Task PurgeAsync(PostgresCluster cluster)
    {
        var (exitCode, lines) = await ServiceProcess.RunAsync(
            "Testing", ["purge"], ("ConnectionStrings:Database", cluster.ConnectionString), ("SecretKey", ServiceProcess.SecretKey));
        Assert.That(exitCode, Is.Zero, string.Join('\n', lines));
    }

    private static Sample Mean(List<Sample> samples) => new(
        samples.Average(sample => sample.Memory), samples.Average(sample => sample.Handles), samples.Average(sample => sample.Threads),
        samples.Average(sample => sample.Connections), samples.Average(sample => sample.Database));

    private sealed record Sample(double Memory, double Handles, double Threads, double Connections, double Database);
}
