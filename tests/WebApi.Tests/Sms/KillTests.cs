using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using PhoneAuth.Testing;
using PhoneAuth.WebApi.Tests.Harness;

namespace PhoneAuth.WebApi.Tests.Sms;

/// <summary>
/// The service itself, killed with SIGKILL the moment it has acknowledged a send, again and again. <c>scripts/kill-run.sh</c> runs it with as many
/// sends and kills as one likes; here a few have to do.
/// </summary>
[OnBothDatabases]
[Parallelizable(ParallelScope.Self)]
internal sealed class KillTests(DatabaseKind kind)
{
    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private static readonly int Sends = Setting("PHONEAUTH_KILL_RUN_SENDS", 60);
    private static readonly int Kills = Setting("PHONEAUTH_KILL_RUN_KILLS", 2);

    [Test]
    public async Task Every_acknowledged_send_is_delivered_and_each_kill_doubles_one_text_at_most()
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        await using var receiver = await Receiver.StartAsync();
        var (acknowledged, killed) = (new List<string>(), 0);
        var service = await StartAsync(database, receiver);
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
                    service = await StartAsync(database, receiver);
                }
            }

            await ServiceProcess.UntilAsync(() => Task.FromResult(receiver.Texts.Select(text => text.PhoneNumber).Distinct(StringComparer.Ordinal).Count() >= Sends), "A text is lost.");
        }
        finally
        {
            await service.DisposeAsync();
        }

        var doubles = receiver.Texts.Count - Sends;
        await TestContext.Out.WriteLineAsync($"{kind}: {Sends} acknowledged, {Kills} kills, {receiver.Texts.Count} texts, {doubles} doubles");
        Assert.That(receiver.Texts.Select(text => text.PhoneNumber).Distinct(StringComparer.Ordinal), Is.EquivalentTo(acknowledged));
        Assert.That(receiver.Texts.Select(text => text.Id).Distinct(StringComparer.Ordinal).Count(), Is.EqualTo(Sends), "A double has the same id.");
        Assert.That(receiver.Texts.Where(text => text.ReceivedAt >= text.ExpiresAt), Is.Empty);
        Assert.That(doubles, Is.InRange(0, Kills));
    }

    private static int Setting(string name, int otherwise) =>
        Environment.GetEnvironmentVariable(name) is { } value ? int.Parse(value, CultureInfo.InvariantCulture) : otherwise;

    private static async Task<ServiceProcess> StartAsync(TestDatabase database, Receiver receiver)
    {
        var service = ServiceProcess.Serve(
            database.ConnectionString,
            ("Sms:Provider", "Webhook"),
            ("Sms:Webhook:Url", receiver.Url),
            ("Sms:Webhook:Secret", Secret),
            ("Sms:Webhook:AllowPrivateNetworks", "true"),
            ("Sms:Brake", "Off"));
        await service.ReadyAsync();
        return service;
    }

    private sealed record Text(string Id, string PhoneNumber, DateTimeOffset ExpiresAt, DateTimeOffset ReceivedAt);

    /// <summary>A product's own gateway: a real server that keeps what is posted to it.</summary>
    private sealed class Receiver : IAsyncDisposable
    {
        private readonly WebApplication app;
        private readonly ConcurrentQueue<Text> texts = new();

        private Receiver(string url)
        {
            Url = url;
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.UseUrls(url);
            app = builder.Build();
            app.Run(async context =>
            {
                using var posted = await JsonDocument.ParseAsync(context.Request.Body);
                texts.Enqueue(new Text(
                    posted.RootElement.Text("id"), posted.RootElement.Text("phoneNumber"), posted.RootElement.GetProperty("expiresAt").GetDateTimeOffset(), DateTimeOffset.UtcNow));
                context.Response.StatusCode = StatusCodes.Status204NoContent;
            });
        }

        public string Url { get; }

        public ConcurrentQueue<Text> Texts => texts;

        public static async Task<Receiver> StartAsync()
        {
            var receiver = new Receiver(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{Api.FreePort()}"));
            await receiver.app.StartAsync();
            return receiver;
        }

        public ValueTask DisposeAsync() => app.DisposeAsync();
    }
}
