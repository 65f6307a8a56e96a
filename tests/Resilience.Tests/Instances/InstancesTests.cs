using System.Diagnostics;
using System.Globalization;
using System.Net;
using PhoneAuth.Resilience.Tests.Harness;
using PhoneAuth.Testing;

namespace PhoneAuth.Resilience.Tests.Instances;

/// <summary>Two and three instances on one database are one service.</summary>
[TestFixtureSource(nameof(Counts))]
[Parallelizable(ParallelScope.Self)]
internal sealed class InstancesTests(int count)
{
    private static readonly int[] Counts = Form.Of<int[]>([3], [2, 3]);
    private const int SendsPerAddress = 5;
    private const int SendsPerNumber = 4;
    private const int TextsToBritain = 20;
    private static readonly TimeSpan TakenOverWithin = TimeSpan.FromSeconds(15);

    private readonly List<ServiceProcess> services = [];
    private readonly List<HttpClient> clients = [];
    private TestDatabase database = null!;
    private StubGateway gateway = null!;
    private int turn;

    private string What => $"{count} instances on one database";

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        database = await TestDatabase.CreateAsync(DatabaseKind.PostgreSql);
        gateway = await StubGateway.StartAsync();
        for (var instance = 0; instance < count; instance++)
        {
            services.Add(ServiceProcess.Serve(
                database.ConnectionString,
                [
                    .. gateway.Settings, .. Unlimited.Settings, ("ForwardedHeaders:KnownProxies:0", "127.0.0.1"), ("Verification:MaxSendsPerHour", Number(SendsPerNumber)),
                    ("RateLimits:SendCodePerHour", Number(SendsPerAddress)), ("Sms:MaxPerDayByCountry:44", Number(TextsToBritain)),
                ]));
        }

        await Task.WhenAll(services.Select(service => service.ReadyAsync()));
        clients.AddRange(services.Select(service => service.CreateClient()));
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        clients.ForEach(client => client.Dispose());
        foreach (var service in services)
        {
            await service.DisposeAsync();
        }

        await gateway.DisposeAsync();
        await database.DisposeAsync();
    }

    [Test]
    [Order(1)]
    public async Task A_code_that_is_verified_on_all_at_once_succeeds_once()
    {
        var rounds = Form.Of(10, 200);
        var successes = new List<int>();
        for (var round = 0; round < rounds; round++)
        {
            var number = Calls.NewNumber();
            var code = await CodeAsync(number);
            var answers = await Task.WhenAll(clients.Concat(clients).Select(client => client.VerifyCodeAsync(number, code)));
            Assert.That(answers.Select(answer => answer.Code), Is.All.Null.Or.EqualTo("code_expired"));
            successes.Add(answers.Count(answer => answer.Status is HttpStatusCode.OK));
        }

        Form.Tell(What, $"successes of {rounds} codes, each verified on all at once", "one each", successes.Sum());
        Assert.That(successes, Is.All.EqualTo(1));
    }

    [Test]
    [Order(1)]
    public async Task Guesses_and_the_lock_are_counted_for_all_together()
    {
        var number = Calls.NewNumber();
        for (var code = 0; code < 2; code++)
        {
            var wrong = Calls.Wrong(await CodeAsync(number));
            var answers = await Task.WhenAll(Enumerable.Range(0, 4).SelectMany(_ => clients).Select(client => client.VerifyCodeAsync(number, wrong)));
            Assert.That(answers.Count(answer => answer.Code == "code_invalid"), Is.EqualTo(5), "A code has five guesses.");
        }

        var locked = await Task.WhenAll(clients.Select(client => client.VerifyCodeAsync(number, "0000")));
        var unsent = await Task.WhenAll(clients.Select(client => client.PostForAsync(NewAddress(), "/send-code", new { phoneNumber = number })));
        Assert.That(locked.Concat(unsent).Select(answer => answer.Code), Is.All.EqualTo("phone_locked"));
    }

    [Test]
    [Order(1)]
    public async Task Limits_and_budgets_hold_for_all_together()
    {
        var (address, number) = (NewAddress(), Calls.NewNumber());
        var ofAddress = await SendAsync(4 * SendsPerAddress, _ => (address, Calls.NewNumber()));
        var ofNumber = await SendAsync(4 * SendsPerNumber, _ => (NewAddress(), number));
        var ofBudget = await SendAsync(count * TextsToBritain, i => (NewAddress(), "+447700900" + i.ToString("000", CultureInfo.InvariantCulture)));
        Form.Tell(What, "sends of one address", Number(SendsPerAddress), ofAddress);
        Form.Tell(What, "sends to one number", Number(SendsPerNumber), ofNumber);
        Form.Tell(What, "sends on one budget", Number(TextsToBritain), ofBudget);
        Assert.That((ofAddress, ofNumber, ofBudget), Is.EqualTo((SendsPerAddress, SendsPerNumber, TextsToBritain)));
    }

    [Test]
    [Order(1)]
    public async Task They_sign_with_the_same_keys_and_know_each_others_sessions()
    {
        var number = Calls.NewNumber();
        var signedIn = await clients[0].VerifyCodeAsync(number, await CodeAsync(number));
        var sets = await Task.WhenAll(clients.Select(client => client.GetStringAsync("/.well-known/jwks.json")));
        var profiles = await Task.WhenAll(clients.Select(client => client.AskAsync(HttpMethod.Get, "/profile", signedIn.Json.Text("accessToken"))));
        await clients[^1].AskAsync(HttpMethod.Post, "/sign-out", signedIn.Json.Text("accessToken"));
        var after = await Task.WhenAll(clients.Select(client => client.AskAsync(HttpMethod.Get, "/profile", signedIn.Json.Text("accessToken"))));
        Assert.That(sets.Distinct(StringComparer.Ordinal).Count(), Is.EqualTo(1));
        Assert.That(profiles.Select(profile => profile.Status), Is.All.EqualTo(HttpStatusCode.OK));
        Assert.That(after.Select(profile => profile.Status), Is.All.EqualTo(HttpStatusCode.Unauthorized));
    }

    [Test]
    [Order(2)]
    public async Task When_one_is_killed_the_others_go_on_and_send_its_texts()
    {
        await using var load = new Load(gateway, Next, 16) { Addressed = NewAddress };
        await load.EffectsAsync(Form.Of(100, 2000));
        services[^1].Kill();
        var killed = Stopwatch.GetTimestamp();
        lock (clients)
        {
            clients.RemoveAt(count - 1);
        }

        await load.EffectsAsync(Form.Of(100, 2000));
        await load.EndAsync();
        var ended = Stopwatch.GetElapsedTime(killed);
        var lost = await load.Ledger.LostAsync(clients[0], gateway);
        Form.Tell(What, "acknowledged effects when one is killed", "", load.Ledger.Effects);
        Form.Tell(What, "of these lost", "0", lost.Count);
        Form.Tell(What, "longest wait for a text after the kill", "15 s", load.LongestWaitForText.TotalSeconds, " s");
        Assert.That(load.Wrong, Is.Empty);
        Assert.That((load.Unavailable, lost.Count), Is.EqualTo((0, 0)));
        Assert.That(load.LongestWaitForText, Is.LessThan(TakenOverWithin + TimeSpan.FromSeconds(2)), $"All had ended after {ended}.");
    }

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string NewAddress()
    {
        var bytes = Guid.NewGuid().ToByteArray();
        return string.Create(CultureInfo.InvariantCulture, $"10.{bytes[0]}.{bytes[1]}.{bytes[2]}");
    }

    private HttpClient Next()
    {
        lock (clients)
        {
            return clients[(int)((uint)Interlocked.Increment(ref turn) % clients.Count)];
        }
    }

    private async Task<string> CodeAsync(string number)
    {
        var arriving = gateway.NextAsync(number);
        var sent = await Next().PostForAsync(NewAddress(), "/send-code", new { phoneNumber = number });
        Assert.That(sent.Status, Is.EqualTo(HttpStatusCode.Accepted), sent.Body);
        return (await arriving).Code;
    }

    private async Task<int> SendAsync(int sends, Func<int, (string Address, string Number)> next)
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, sends).Select(send =>
        {
            var (address, phoneNumber) = next(send);
            return clients[send % count].PostForAsync(address, "/send-code", new { phoneNumber });
        }));
        Assert.That(answers.Select(answer => answer.Status), Is.All.EqualTo(HttpStatusCode.Accepted).Or.EqualTo(HttpStatusCode.TooManyRequests));
        return answers.Count(answer => answer.Status is HttpStatusCode.Accepted);
    }
}
