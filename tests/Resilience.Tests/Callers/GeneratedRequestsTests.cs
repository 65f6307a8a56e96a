using System.Collections.Concurrent;
using System.Diagnostics;
using PhoneAuth.Resilience.Tests.Harness;
using PhoneAuth.Testing;

namespace PhoneAuth.Resilience.Tests.Callers;

/// <summary>Requests that a seed makes up, right, nearly right and nonsense, over every call of the contract. Alone on the machine, for each is timed.</summary>
[NonParallelizable]
[TestFixtureSource(nameof(Databases))]
internal sealed class GeneratedRequestsTests(DatabaseKind kind)
{
    private static readonly DatabaseKind[] Databases = Form.Databases(DatabaseKind.PostgreSql);
    private const int Seed = 20261122;
    private const int Callers = 8;
    private const long Megabyte = 1024 * 1024;
    private static readonly int Requests = Form.Of(2_000, 10_000);
    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(1);

    [Test]
    public async Task Whatever_is_asked_is_answered_quickly_and_never_with_a_fault()
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        await using var service = ServiceProcess.Serve(database.ConnectionString, Unlimited.Settings);
        await service.ReadyAsync();
        using var client = service.CreateClient();
        var person = await Availability.SignInAsync(client);
        var faults = new ConcurrentQueue<string>();
        var statuses = new ConcurrentDictionary<int, int>();
        await AskAsync(new RequestGenerator(Seed - 1, person), Requests / 2);
        var before = ProcessFigures.Memory(service.Id);
        var longest = await AskAsync(new RequestGenerator(Seed, person), Requests);
        var grown = ProcessFigures.Memory(service.Id) - before;
        var what = $"{Requests} generated requests on {kind}";
        Form.Tell(what, "answers of 5xx or none", "0", faults.Count);
        Form.Tell(what, "statuses met", "", statuses.Count);
        Form.Tell(what, "longest", "1 s", longest.TotalSeconds, " s");
        Form.Tell(what, "memory grown by", "50 MB", (double)grown / Megabyte, " MB");
        Assert.That(faults, Is.Empty);
        Assert.That(statuses.Keys, Is.SupersetOf(new[] { 200, 202, 400, 401, 403, 404, 405, 413, 415, 422 }));
        Assert.That((longest < Slow, grown < 50 * Megabyte), Is.EqualTo((true, true)));

        async Task<TimeSpan> AskAsync(RequestGenerator generator, int count)
        {
            var slowest = new TimeSpan[Callers];
            await Task.WhenAll(Enumerable.Range(0, Callers).Select(async caller =>
            {
                for (var request = caller; request < count; request += Callers)
                {
                    var (method, path, headers, body) = generator.Request(request);
                    var began = Stopwatch.GetTimestamp();
                    var status = await StatusAsync(client, method, path, headers, body);
                    var took = Stopwatch.GetElapsedTime(began);
                    slowest[caller] = took > slowest[caller] ? took : slowest[caller];
                    statuses.AddOrUpdate(status, 1, (_, times) => times + 1);
                    if (status is >= 500 or 0)
                    {
                        faults.Enqueue($"{status}: {method} {path} {body} (request {request})");
                    }
                }
            }));
            return slowest.Max();
        }
    }

    private static async Task<int> StatusAsync(HttpClient client, HttpMethod method, string path, (string Name, string Value)[] headers, byte[]? body)
    {
        using var request = new HttpRequestMessage(method, new Uri(client.BaseAddress + path.TrimStart('/'), new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));
        request.Content = body is null ? null : new ByteArrayContent(body);
        foreach (var (name, value) in headers)
        {
            if (!request.Headers.TryAddWithoutValidation(name, value))
            {
                request.Content?.Headers.TryAddWithoutValidation(name, value);
            }
        }

        try
        {
            using var answer = await client.SendAsync(request);
            return (int)answer.StatusCode;
        }
        catch (HttpRequestException)
        {
            return 0;
        }
    }
}
