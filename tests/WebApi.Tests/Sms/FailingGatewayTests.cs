using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using PhoneAuth.Testing;

namespace PhoneAuth.WebApi.Tests.Sms;

/// <summary>
/// The service itself with two gateways, the first of which fails in every way there is, and comes back. <c>scripts/gateway-run.sh</c> runs it with more sends, and
/// shows how long they took.
/// </summary>
[OnBothDatabases]
[Parallelizable(ParallelScope.Self)]
internal sealed class FailingGatewayTests(DatabaseKind kind)
{
    private static readonly int Sends = Environment.GetEnvironmentVariable("PHONEAUTH_GATEWAY_RUN_SENDS") is { } value ? int.Parse(value, CultureInfo.InvariantCulture) : 12;

    /// <summary>Longer than any send-code may take, whatever else this machine does.</summary>
    private static readonly TimeSpan GatewayPatience = TimeSpan.FromSeconds(3);

    private enum Fault
    {
        None,
        Hangs,
        Resets,
        Answers500,
        Answers429,
    }

    [TestCase(nameof(Fault.Answers500))]
    [TestCase(nameof(Fault.Answers429))]
    [TestCase(nameof(Fault.Resets))]
    [TestCase(nameof(Fault.Hangs))]
    public async Task Nobody_waits_for_a_gateway_that_fails_and_the_next_one_takes_over(string fault)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        await using var stub = await Stub.StartAsync();
        await using var service = await StartAsync(database, stub);
        using var client = service.CreateClient();
        await SendAsync(client, stub.First, 1);
        stub.Fault = Enum.Parse<Fault>(fault);
        var took = await SendAsync(client, stub.Second, Sends);
        await TestContext.Out.WriteLineAsync($"{kind}, the first gateway {fault}: {Sends} sends, p50 {At(took, 0.5):0.0} ms, p99 {At(took, 0.99):0.0} ms, longest {took[^1]:0.0} ms");
        Assert.That(took[^1], Is.LessThan(GatewayPatience.TotalMilliseconds), "A request waited for a gateway.");
        if (stub.Fault is Fault.Hangs)
        {
            await ComesBackAsync(client, stub);
        }
    }

    private static async Task ComesBackAsync(HttpClient client, Stub stub)
    {
        stub.Fault = Fault.None;
        var known = stub.First.Count;
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(500));
        await ServiceProcess.UntilAsync(
            async () =>
            {
                await client.SendCodeAsync(Calls.NewNumber());
                await timer.WaitForNextTickAsync();
                return stub.First.Count > known;
            },
            "The first gateway is not used again.");
    }

    private static async Task<ServiceProcess> StartAsync(TestDatabase database, Stub stub)
    {
        var service = ServiceProcess.Serve(
            database.ConnectionString,
            ("Sms:Provider", "Webhook,SmsRu"),
            ("Sms:Webhook:Url", stub.Url + "webhook"),
            ("Sms:Webhook:Secret", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
            ("Sms:Webhook:Timeout", GatewayPatience.ToString("c", CultureInfo.InvariantCulture)),
            ("Sms:Webhook:AllowPrivateNetworks", "true"),
            ("Sms:SmsRu:ApiId", "api-id"),
            ("Sms:SmsRu:BaseUrl", stub.Url.TrimEnd('/')));
        await service.ReadyAsync();
        return service;
    }

    /// <summary>Sends to fresh numbers one after the other, and waits until each has arrived there once. Returns how long the requests took, in ms, the shortest first.</summary>
    private static async Task<List<double>> SendAsync(HttpClient client, ConcurrentDictionary<string, int> arrived, int count)
    {
        var took = new List<double>();
        var numbers = Enumerable.Range(0, count).Select(_ => Calls.NewNumber()).ToList();
        foreach (var number in numbers)
        {
            var start = TimeProvider.System.GetTimestamp();
            var answer = await client.SendCodeAsync(number);
            took.Add(TimeProvider.System.GetElapsedTime(start).TotalMilliseconds);
            Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.Accepted), answer.Body);
        }

        await ServiceProcess.UntilAsync(() => Task.FromResult(numbers.TrueForAll(number => arrived.ContainsKey(number[1..]))), "A text does not arrive.");
        Assert.That(numbers.Select(number => arrived[number[1..]]), Is.All.EqualTo(1));
        took.Sort();
        return took;
    }

    private static double At(List<double> sorted, double share) => sorted[(int)Math.Ceiling((sorted.Count * share) - 1)];

    /// <summary>Two gateways on one port: a webhook that fails as it is told, and one that speaks as SMS.ru does.</summary>
    private sealed class Stub : IAsyncDisposable
    {
        private readonly WebApplication app;

        private Stub(string url)
        {
            Url = url;
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.UseUrls(url);
            app = builder.Build();
            app.MapPost("/webhook", WebhookAsync);
            app.MapPost("/sms/send", SmsRuAsync);
        }

        public string Url { get; }

        public Fault Fault { get; set; }

        /// <summary>How often each number's text was taken, by the number's digits.</summary>
        public ConcurrentDictionary<string, int> First { get; } = new(StringComparer.Ordinal);

        public ConcurrentDictionary<string, int> Second { get; } = new(StringComparer.Ordinal);

        public static async Task<Stub> StartAsync()
        {
            var stub = new Stub(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{Ports.Free()}/"));
            await stub.app.StartAsync();
            return stub;
        }

        public ValueTask DisposeAsync() => app.DisposeAsync();

        private async Task WebhookAsync(HttpContext context)
        {
            switch (Fault)
            {
                case Fault.Hangs:
                    await Task.Delay(Timeout.Infinite, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                    break;
                case Fault.Resets:
                    context.Abort();
                    break;
                case Fault.Answers500:
                    context.Response.StatusCode = StatusCodes.Status500InternalServerError;
                    break;
                case Fault.Answers429:
                    context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
                    context.Response.Headers.RetryAfter = "1";
                    break;
                default:
                    using (var posted = await JsonDocument.ParseAsync(context.Request.Body))
                    {
                        First.AddOrUpdate(posted.RootElement.Text("phoneNumber")[1..], 1, (_, times) => times + 1);
                    }

                    context.Response.StatusCode = StatusCodes.Status204NoContent;
                    break;
            }
        }

        private async Task SmsRuAsync(HttpContext context)
        {
            var number = (await context.Request.ReadFormAsync())["to"].ToString();
            Second.AddOrUpdate(number, 1, (_, times) => times + 1);
            await context.Response.WriteAsync("{\"status\":\"OK\",\"status_code\":100,\"sms\":{\"" + number + "\":{\"status\":\"OK\",\"status_code\":100,\"sms_id\":\"1\"}}}");
        }
    }
}
