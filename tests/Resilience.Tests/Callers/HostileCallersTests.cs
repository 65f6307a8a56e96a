using System.Diagnostics;
using System.Net;
using System.Text.RegularExpressions;
using PhoneAuth.Resilience.Tests.Harness;
using PhoneAuth.Testing;

namespace PhoneAuth.Resilience.Tests.Callers;

/// <summary>A thousand connections of slow and hostile callers at once, and beside them people who just want to sign in. Alone on the machine, for it is timed.</summary>
[NonParallelizable]
internal sealed partial class HostileCallersTests
{
    private const int Connections = 1000;
    private const int NormalCallers = 4;
    private const int HeaderBytes = 100_000;
    private const string Smuggled = "GET /health/live HTTP/1.1\r\nHost: h\r\n\r\n";
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan PromisedP99 = TimeSpan.FromMilliseconds(500);

    /// <summary>Requests that two servers in a row could read in two ways. What follows each as its body, or after it, is a request by itself.</summary>
    private static readonly string[] Shapes =
    [
        Post("Content-Length: 4\r\nTransfer-Encoding: chunked", "2\r\n{}\r\n0\r\n\r\n" + Smuggled),
        Post("Transfer-Encoding: chunked\r\nContent-Length: 4", "0\r\n\r\n" + Smuggled),
        Post("Content-Length: 2\r\nContent-Length: 40", "{}" + Smuggled),
        Post("Content-Length: 2, 40", "{}" + Smuggled),
        Post("Content-Length: -1", "{}" + Smuggled),
        Post("Content-Length : 2", "{}" + Smuggled),
        Post("Content-Length: 2\nTransfer-Encoding: chunked", "0\r\n\r\n" + Smuggled),
        Post("Transfer-Encoding: xchunked", "0\r\n\r\n" + Smuggled),
        Post("Transfer-Encoding: chunked, identity", "0\r\n\r\n" + Smuggled),
        Post("Transfer-Encoding: identity, chunked\r\nTransfer-Encoding: identity", "0\r\n\r\n" + Smuggled),
        Post("Transfer-Encoding:\u000bchunked", "0\r\n\r\n" + Smuggled),
        Post(" Transfer-Encoding: chunked", "0\r\n\r\n" + Smuggled),
        Post("X: y\r\n Transfer-Encoding: chunked", "0\r\n\r\n" + Smuggled),
        Post("Transfer-Encoding: chunked", "fffffffffffffffff\r\n{}\r\n0\r\n\r\n" + Smuggled),
        Post("Transfer-Encoding: chunked", "-1\r\n{}\r\n0\r\n\r\n" + Smuggled),
        Post("Transfer-Encoding: chunked", "0x2\r\n{}\r\n0\r\n\r\n" + Smuggled),
        Post("X\0: y\r\nContent-Length: 2", "{}" + Smuggled),
        "GET /health/live\r\nHost: h\r\n\r\n" + Smuggled,
        "GET  /health/live HTTP/1.1\r\nHost: h\r\n\r\n" + Smuggled,
        "GET /health/live HTTP/1.1\r\nHost: h\r\nHost: other\r\n\r\n" + Smuggled,
        "GET /health/live HTTP/1.1\r\n\r\n" + Smuggled,
        "GET http://other/health/live HTTP/1.1\r\nHost: h\r\n\r\n" + Smuggled,
        "GET /health/live HTTP/1.1\r\nHost: h\r\nA: " + new string('a', HeaderBytes) + "\r\n\r\n" + Smuggled,
        string.Concat("GET /health/live HTTP/1.1\r\nHost: h\r\n", string.Concat(Enumerable.Repeat("A: b\r\n", HeaderBytes / 6)), "\r\n", Smuggled),
    ];

    private TestDatabase database = null!;
    private ServiceProcess service = null!;
    private HttpClient client = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        database = await TestDatabase.CreateAsync(DatabaseKind.PostgreSql);
        service = ServiceProcess.Serve(database.ConnectionString, Unlimited.Settings);
        await service.ReadyAsync();
        client = service.CreateClient();
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        client.Dispose();
        await service.DisposeAsync();
        await database.DisposeAsync();
    }

    [TestCaseSource(nameof(Shapes))]
    public async Task A_request_that_can_be_read_in_two_ways_is_refused_and_ends_its_connection(string shape)
    {
        using var connection = await RawConnection.OpenAsync(service.Address);
        await connection.SayAsync(shape);
        var (text, ended) = await connection.ListenAsync(Patience);
        var statuses = Status().Matches(text).Select(match => match.Groups["status"].Value).ToList();
        Assert.That((statuses.Count, ended), Is.EqualTo((1, true)).Or.EqualTo((0, true)), text);
        Assert.That(statuses, Is.All.StartsWith("4").And.All.Not.EqualTo("404"), text);
    }

    [Test]
    public async Task People_are_served_quickly_beside_a_thousand_connections_of_slow_callers()
    {
        var people = await Task.WhenAll(Enumerable.Range(0, NormalCallers).Select(_ => Availability.SignInAsync(client)));
        await NormalAsync(people, TimeSpan.FromSeconds(1));
        using var end = new CancellationTokenSource();
        var body = "POST /send-code HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\nContent-Length: 16000\r\n\r\n";
        var slow = Enumerable.Range(0, Connections).Select(caller => (caller % 4) switch
        {
            0 => DripAsync("GET /health/live HTTP/1.1\r\nHost: h\r\nX-", end.Token),
            1 => DripAsync(body, end.Token),
            2 => ReadNothingAsync(end.Token),
            _ => DripAsync("", end.Token),
        }).ToList();
        var took = await NormalAsync(people, Form.Of(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(60)));
        var open = slow.Count(caller => !caller.IsCompleted);
        await end.CancelAsync();
        await Task.WhenAll(slow);
        var p99 = took[(int)(took.Count * 0.99)];
        var what = $"{Connections} connections with slow headers, bodies and reads";
        Form.Tell(what, "of these open to the end", "", open);
        Form.Tell(what, "normal requests", "", took.Count);
        Form.Tell(what, "normal requests' p99", "500 ms", p99.TotalMilliseconds, " ms");
        Form.Tell(what, "normal requests' longest", "", took[^1].TotalMilliseconds, " ms");
        Assert.That(p99, Is.LessThan(PromisedP99));
    }

    private static string Post(string headers, string rest) => $"POST /send-code HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\n{headers}\r\n\r\n{rest}";

    /// <summary>What people do, over and over, and how long each request takes, the shortest first.</summary>
    private async Task<List<TimeSpan>> NormalAsync(Answer[] people, TimeSpan time)
    {
        var began = Stopwatch.GetTimestamp();
        var all = await Task.WhenAll(people.Select(async person =>
        {
            using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
            var took = new List<TimeSpan>();
            while (Stopwatch.GetElapsedTime(began) < time)
            {
                foreach (var ask in new[] { () => client.SendCodeAsync(Calls.NewNumber()), () => client.AskAsync(HttpMethod.Get, "/profile", person.Json.Text("accessToken")) })
                {
                    await timer.WaitForNextTickAsync();
                    var asked = Stopwatch.GetTimestamp();
                    var answer = await ask();
                    took.Add(Stopwatch.GetElapsedTime(asked));
                    Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.Accepted).Or.EqualTo(HttpStatusCode.OK), answer.Body);
                }
            }

            return took;
        }));
        return [.. all.SelectMany(took => took).Order()];
    }

    /// <summary>Begins a request and never ends it, a byte a second; where it is thrown out it comes again.</summary>
    private async Task DripAsync(string beginning, CancellationToken end)
    {
        using var timer = new PeriodicTimer(Pace);
        while (!end.IsCancellationRequested)
        {
            using var connection = await RawConnection.OpenAsync(service.Address);
            var welcome = await connection.SayAsync(beginning);
            while (welcome && await TickAsync(timer, end))
            {
                welcome = beginning.Length == 0 || await connection.SayAsync("a");
            }
        }
    }

    /// <summary>Asks for long documents on one connection, and reads none.</summary>
    private async Task ReadNothingAsync(CancellationToken end)
    {
        using var timer = new PeriodicTimer(Pace);
        using var connection = await RawConnection.OpenAsync(service.Address, receiveBuffer: 1024);
        await connection.SayAsync(string.Concat(Enumerable.Repeat("GET /openapi/v1.json HTTP/1.1\r\nHost: h\r\n\r\n", 20)));
        while (await TickAsync(timer, end))
        {
        }
    }

    private static async Task<bool> TickAsync(PeriodicTimer timer, CancellationToken end)
    {
        try
        {
            return await timer.WaitForNextTickAsync(end);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    [GeneratedRegex(@"HTTP/1\.1 (?<status>\d{3})", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Status();
}
