using System.Globalization;
using System.Net;
using PhoneAuth.Testing;

namespace PhoneAuth.WebApi.Tests.Sms;

/// <summary>
/// The service itself, killed with SIGKILL the moment it has acknowledged a send, again and again. <c>scripts/kill-run.sh</c> runs it with as many
/// sends and kills as one likes; here a few have to do.
/// </summary>
[OnBothDatabases]
[Parallelizable(ParallelScope.Self)]
internal sealed class KillTests(DatabaseKind kind)
{
    private static readonly int Sends = Setting("PHONEAUTH_KILL_RUN_SENDS", 60);
    private static readonly int Kills = Setting("PHONEAUTH_KILL_RUN_KILLS", 2);

    [Test]
    public async Task Every_acknowledged_send_is_delivered_and_each_kill_doubles_one_text_at_most()
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        await using var gateway = await StubGateway.StartAsync();
        var (acknowledged, killed) = (new List<string>(), 0);
        var service = await StartAsync(database, gateway);
        try
        {
            while (acknowledged.Count < Sends)
            {
                using var client = service.CreateClient();
                var number = Calls.NewNumber();
                var answer = await client.SendCodeAsync(number);
                Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.Accepted), answer.Body);
                acknowledged.Add(number);
                if (acknowledged.Count % (Sends / (Kills + 1)) == 0 && killed < Kills)
                {
                    killed++;
                    service.Kill();
                    await service.EndAsync();
                    await service.DisposeAsync();
                    service = await StartAsync(database, gateway);
                }
            }

            await ServiceProcess.UntilAsync(() => Task.FromResult(gateway.Texts.Select(text => text.PhoneNumber).Distinct(StringComparer.Ordinal).Count() >= Sends), "A text is lost.");
        }
        finally
        {
            await service.DisposeAsync();
        }

        var doubles = gateway.Texts.Count - Sends;
        await TestContext.Out.WriteLineAsync($"{kind}: {Sends} acknowledged, {Kills} kills, {gateway.Texts.Count} texts, {doubles} doubles");
        Assert.That(gateway.Texts.Select(text => text.PhoneNumber).Distinct(StringComparer.Ordinal), Is.EquivalentTo(acknowledged));
        Assert.That(gateway.Texts.Select(text => text.Id).Distinct(StringComparer.Ordinal).Count(), Is.EqualTo(Sends), "A double has the same id.");
        Assert.That(gateway.Texts.Where(text => text.ReceivedAt >= text.ExpiresAt), Is.Empty);
        Assert.That(doubles, Is.InRange(0, Kills));
    }

    private static int Setting(string name, int otherwise) =>
        Environment.GetEnvironmentVariable(name) is { } value ? int.Parse(value, CultureInfo.InvariantCulture) : otherwise;

    private static async Task<ServiceProcess> StartAsync(TestDatabase database, StubGateway gateway)
    {
        var service = ServiceProcess.Serve(database.ConnectionString, gateway.Settings);
        await service.ReadyAsync();
        return service;
    }
}
