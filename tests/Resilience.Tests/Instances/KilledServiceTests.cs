using Microsoft.Data.Sqlite;
using PhoneAuth.Resilience.Tests.Harness;
using PhoneAuth.Testing;

namespace PhoneAuth.Resilience.Tests.Instances;

/// <summary>The service is killed with SIGKILL under load, again and again, and started anew.</summary>
[OnBothDatabases]
[Parallelizable(ParallelScope.Self)]
internal sealed class KilledServiceTests(DatabaseKind kind)
{
    private const int Callers = 32;

    [Test]
    public async Task Nothing_acknowledged_is_lost_texts_arrive_and_the_database_is_whole()
    {
        var kills = Form.Of(1, 10);
        await using var database = await TestDatabase.CreateAsync(kind);
        await using var gateway = await StubGateway.StartAsync();
        var (service, client) = await StartAsync(database, gateway);
        try
        {
            await using var load = new Load(gateway, () => Volatile.Read(ref client), Callers);
            for (var kill = 0; kill < kills; kill++)
            {
                await load.EffectsAsync(Form.Of(200, 1500));
                service.Kill();
                await service.EndAsync();
                await service.DisposeAsync();
                (service, var fresh) = await StartAsync(database, gateway);
                Volatile.Write(ref client, fresh);
            }

            await load.EffectsAsync(Callers);
            await load.EndAsync();
            var lost = await load.Ledger.LostAsync(client, gateway);
            var integrity = kind is DatabaseKind.Sqlite ? await IntegrityAsync(database) : "ok";
            var what = $"Service killed {kills} times under {Callers}-way load on {kind}";
            Form.Tell(what, "acknowledged effects", "", load.Ledger.Effects);
            Form.Tell(what, "acknowledged effects lost", "0", lost.Count);
            Form.Tell(what, "faulty answers", "0", load.Wrong.Count);
            Form.Tell(what, "doubled texts", "", gateway.Texts.Count - gateway.Texts.DistinctBy(text => text.Id, StringComparer.Ordinal).Count());
            Assert.That(load.Wrong, Is.Empty);
            Assert.That(lost, Is.Empty);
            Assert.That(integrity, Is.EqualTo("ok"));
            Assert.That(gateway.Texts.Where(text => text.ReceivedAt >= text.ExpiresAt), Is.Empty);
        }
        finally
        {
            client.Dispose();
            await service.DisposeAsync();
        }
    }

    private static async Task<(ServiceProcess Service, HttpClient Client)> StartAsync(TestDatabase database, StubGateway gateway)
    {
        var service = ServiceProcess.Serve(database.ConnectionString, [.. gateway.Settings, .. Unlimited.Settings]);
        await service.ReadyAsync();
        return (service, service.CreateClient());
    }

    private static async Task<string> IntegrityAsync(TestDatabase database)
    {
        await using var connection = new SqliteConnection(database.ConnectionString);
        await connection.OpenAsync();
        await using var command = new SqliteCommand("PRAGMA integrity_check", connection);
        return (string)(await command.ExecuteScalarAsync())!;
    }
}
