using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using PhoneAuth.Testing;

namespace PhoneAuth.WebApi.Tests.Harness;

/// <summary>
/// All that tests ask and are answered, held against the OpenAPI document on its way. Prism prints anew what it relays, and one process of it has one
/// upstream; so each request goes out with the name of its exchange, and where it comes out again the test's own request is handed to the service
/// that it is meant for, and the service's own answer to the test.
/// </summary>
internal sealed class PrismRun : IAsyncDisposable
{
    private const string ExchangeHeader = "X-Test-Exchange";
    private const string ViolationsHeader = "sl-violations";

    private static readonly string[] OfTheConnection = ["Connection", "Content-Length", "Transfer-Encoding"];

    // The forwarder is no part of a trace, and a user agent may hold what Node.js refuses in a header.
    private static readonly string[] OfNoOperation = ["traceparent", "User-Agent"];

    private readonly ConcurrentDictionary<string, Lazy<Task<HttpResponseMessage>>> exchanges = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> violations = new();
    private readonly WebApplication forwarder;
    private Prism strict = null!;
    private Prism lenient = null!;
    private int requests;
    private int operations;

    private PrismRun()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrel(server => server.Listen(IPAddress.Loopback, 0));
        forwarder = builder.Build();
        forwarder.Run(ForwardAsync);
    }

    /// <summary>The run that is going on, or null where requests go straight to their service.</summary>
    public static PrismRun? Current { get; set; }

    public int Requests => requests;

    /// <summary>How many of the requests were to an operation that the document has.</summary>
    public int Operations => operations;

    public IReadOnlyCollection<string> Violations => violations;

    /// <summary>Starts the proxy, of which this is the program.</summary>
    public static async Task<PrismRun> StartAsync(string program)
    {
        var run = new PrismRun();
        await run.forwarder.StartAsync();
        var upstream = new Uri(run.forwarder.Urls.Single());
        run.strict = await Prism.StartAsync(program, upstream, "--errors");
        run.lenient = await Prism.StartAsync(program, upstream);
        return run;
    }

    /// <summary>Takes a request through the proxy; <paramref name="ask"/> has its service answer it.</summary>
    public async Task<HttpResponseMessage> PassAsync(HttpRequestMessage request, Func<Task<HttpResponseMessage>> ask, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref requests);
        var name = Guid.NewGuid().ToString("N");
        var exchange = exchanges[name] = new Lazy<Task<HttpResponseMessage>>(ask);
        try
        {
            using var copy = await CopyAsync(request, name, cancellationToken);
            using var strictly = await strict.SendAsync(copy, cancellationToken);
            if (exchange.IsValueCreated)
            {
                return Judge(request, await exchange.Value, strictly, objection: null);
            }

            // The document has no such operation or calls the request wrong. The service is to be asked all the same and its answer judged, for which
            // the method and the path are enough.
            using var bare = Bare(request, name);
            using var leniently = await lenient.SendAsync(bare, cancellationToken);
            return Judge(request, await exchange.Value, leniently, await strictly.Content.ReadAsStringAsync(cancellationToken));
        }
        finally
        {
            exchanges.TryRemove(name, out _);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await strict.DisposeAsync();
        await lenient.DisposeAsync();
        await forwarder.DisposeAsync();
    }

    private async Task ForwardAsync(HttpContext context)
    {
        if (!exchanges.TryGetValue(context.Request.Headers[ExchangeHeader].ToString(), out var exchange))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        var answer = await exchange.Value;
        context.Response.StatusCode = (int)answer.StatusCode;
        foreach (var (name, values) in answer.Headers.Concat(answer.Content.Headers).Where(header => !OfTheConnection.Contains(header.Key)))
        {
            context.Response.Headers[name] = values.ToArray();
        }

        await answer.Content.LoadIntoBufferAsync();
        var body = await answer.Content.ReadAsByteArrayAsync();
        if (body.Length > 0)
        {
            await context.Response.Body.WriteAsync(body);
        }
    }

    private HttpResponseMessage Judge(HttpRequestMessage request, HttpResponseMessage answer, HttpResponseMessage relayed, string? objection)
    {
        var found = Found(relayed);

        // The document has no HEAD, and Prism stumbles over one of JSON.
        if (request.Method == HttpMethod.Head || found.Any(one => one.Message == "Selected route not found"))
        {
            return answer;
        }

        Interlocked.Increment(ref operations);
        var against = found.Where(one => !one.Location.StartsWith("request", StringComparison.Ordinal)).Select(one => $"{one.Location} {one.Message}").ToList();
        if (against.Count == 0 && relayed.StatusCode != answer.StatusCode)
        {
            against.Add($"relayed as {(int)relayed.StatusCode}");
        }

        if (objection is not null && answer.IsSuccessStatusCode)
        {
            against.Add($"taken in spite of {objection}");
        }

        if (against.Count > 0)
        {
            var violation = $"{request.Method} {request.RequestUri!.AbsolutePath} {(int)answer.StatusCode}: {string.Join("; ", against)}";
            violations.Enqueue(violation);
            Assert.Fail(violation);
        }

        return answer;
    }

    /// <summary>A request as the test wrote it; without a body where nobody knows its length beforehand, for to read it would be to know.</summary>
    private static async Task<HttpRequestMessage> CopyAsync(HttpRequestMessage request, string exchange, CancellationToken cancellationToken)
    {
        var copy = Bare(request, exchange);
        foreach (var (name, values) in request.Headers.Where(header => !OfNoOperation.Contains(header.Key)))
        {
            copy.Headers.TryAddWithoutValidation(name, values);
        }

        if (request.Content is { Headers.ContentLength: not null } content)
        {
            copy.Content = new ByteArrayContent(await content.ReadAsByteArrayAsync(cancellationToken));
            foreach (var (name, values) in content.Headers)
            {
                copy.Content.Headers.TryAddWithoutValidation(name, values);
            }
        }

        return copy;
    }

    private static HttpRequestMessage Bare(HttpRequestMessage request, string exchange) =>
        new(request.Method, request.RequestUri!.PathAndQuery) { Headers = { { ExchangeHeader, exchange } } };

    /// <summary>What Prism has to say of a request and its answer; it cuts what is too long for a header, which is no JSON then.</summary>
    private static IReadOnlyList<Finding> Found(HttpResponseMessage relayed)
    {
        if (!relayed.Headers.TryGetValues(ViolationsHeader, out var values))
        {
            return [];
        }

        var text = values.Single();
        return text.StartsWith('[')
            ? [.. JsonDocument.Parse(text).RootElement.EnumerateArray().Select(one => new Finding(string.Join('.', one.GetProperty("location").EnumerateArray()), one.Text("message")))]
            : [new Finding("", text)];
    }

    private sealed record Finding(string Location, string Message);
}
