using System.Net;
using System.Text.Json;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;
using Polly.Timeout;

namespace PhoneAuth.Infrastructure.Sms.Http;

/// <summary>
/// The line to one gateway over HTTP: one time-out for a text, one quick second try where the first never got as far as the gateway, and a
/// breaker that leaves a gateway alone which keeps failing. Whatever goes wrong comes back as an outcome whose reason names nothing of the
/// text, the number or the credentials.
/// </summary>
internal sealed class GatewayClient
{
    /// <summary>How long a gateway that keeps failing is left alone before one text tries it again.</summary>
    public static readonly TimeSpan BreakDuration = TimeSpan.FromSeconds(15);

    /// <summary>How many texts a gateway has to have been handed within <see cref="Sampling"/> before its failures say something.</summary>
    public const int FewestTexts = 5;

    private const double TooManyFailures = 0.5;
    private static readonly TimeSpan Sampling = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan SecondTryAfter = TimeSpan.FromMilliseconds(150);

    private readonly string name;
    private readonly IHttpClientFactory clients;
    private readonly TimeProvider clock;
    private readonly ResiliencePipeline<SmsOutcome> pipeline;
    private long leftAloneUntil;

    /// <param name="name">The gateway's name, which its client in the factory has too.</param>
    /// <param name="clients">Where clients come from.</param>
    /// <param name="timeout">How long handing over one text may take, with the second try.</param>
    /// <param name="clock">The time.</param>
    public GatewayClient(string name, IHttpClientFactory clients, TimeSpan timeout, TimeProvider clock)
    {
        (this.name, this.clients, this.clock) = (name, clients, clock);
        pipeline = new ResiliencePipelineBuilder<SmsOutcome> { TimeProvider = clock }
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions<SmsOutcome>
            {
                FailureRatio = TooManyFailures,
                MinimumThroughput = FewestTexts,
                SamplingDuration = Sampling,
                BreakDuration = BreakDuration,
                ShouldHandle = new PredicateBuilder<SmsOutcome>()
                    .Handle<Exception>(IsTheGateways)
                    .HandleResult(outcome => outcome.Result == SmsResult.TryLater),
                OnOpened = opened =>
                {
                    Interlocked.Exchange(ref leftAloneUntil, (clock.GetUtcNow() + opened.BreakDuration).UtcTicks);
                    return default;
                },
                OnClosed = _ =>
                {
                    Interlocked.Exchange(ref leftAloneUntil, 0);
                    return default;
                },
            })
            .AddTimeout(timeout)
            .AddRetry(new RetryStrategyOptions<SmsOutcome>
            {
                MaxRetryAttempts = 1,
                Delay = SecondTryAfter,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                ShouldHandle = new PredicateBuilder<SmsOutcome>().Handle<HttpRequestException>(NeverArrived),
            })
            .Build();
    }

    /// <summary>Whether the breaker lets texts through: all of them, or the one that finds out whether the gateway is well again.</summary>
    public bool IsAvailable => clock.GetUtcNow().UtcTicks >= Interlocked.Read(ref leftAloneUntil);

    /// <summary>Hands over one text.</summary>
    /// <param name="makeRequest">Makes the request; once for each try.</param>
    /// <param name="read">Makes an outcome of an answer. The answer's body is not read yet.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<SmsOutcome> SendAsync(
        Func<HttpRequestMessage> makeRequest, Func<HttpResponseMessage, CancellationToken, Task<SmsOutcome>> read, CancellationToken cancellationToken)
    {
        try
        {
            return await pipeline.ExecuteAsync(
                async token =>
                {
                    using var request = makeRequest();
                    using var response = await clients.CreateClient(name).SendAsync(request, HttpCompletionOption.ResponseHeadersRead, token);
                    return await read(response, token);
                },
                cancellationToken);
        }
        catch (BrokenCircuitException broken)
        {
            return SmsOutcome.TryLater("left alone after many failures", broken.RetryAfter);
        }
        catch (TimeoutRejectedException)
        {
            return SmsOutcome.TryLater("time-out");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return SmsOutcome.TryLater("time-out of the connection");
        }
        catch (HttpRequestException exception)
        {
            return IsPrivateTarget(exception) ? SmsOutcome.Refused("a target that is not public") : SmsOutcome.TryLater($"connection: {exception.HttpRequestError}");
        }
        catch (IOException)
        {
            return SmsOutcome.TryLater("connection: broken off");
        }
    }

    /// <summary>What a status says by itself, in the words of RFC 9110: not now, or not at all.</summary>
    /// <param name="response">An answer that is not 2xx.</param>
    /// <param name="detail">The gateway's own code for it, where it gives one.</param>
    public SmsOutcome Unsuccessful(HttpResponseMessage response, string? detail = null)
    {
        var reason = detail is null ? $"HTTP {(int)response.StatusCode}" : $"HTTP {(int)response.StatusCode}, {detail}";
        return response.StatusCode is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError
            ? SmsOutcome.TryLater(reason, RetryAfter(response))
            : SmsOutcome.Refused(reason);
    }

    /// <summary>A JSON answer, or null where it is none.</summary>
    /// <param name="response">The answer; its client bounds how large it may be.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<JsonElement?> ReadJsonAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            await response.Content.LoadIntoBufferAsync(GatewayClients.LargestAnswer, cancellationToken);
            using var document = await JsonDocument.ParseAsync(await response.Content.ReadAsStreamAsync(cancellationToken), default, cancellationToken);
            return document.RootElement.ValueKind == JsonValueKind.Object ? document.RootElement.Clone() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private TimeSpan? RetryAfter(HttpResponseMessage response) => response.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => date - clock.GetUtcNow() is var wait && wait > TimeSpan.Zero ? wait : TimeSpan.Zero,
        _ => null,
    };

    // Not of the gateway's making: an end of ours, or a target that is never asked.
    private static bool IsTheGateways(Exception exception) =>
        !IsPrivateTarget(exception) && (exception is not OperationCanceledException || exception.InnerException is TimeoutException);

    // No connection, no request: the second try cannot send a text twice.
    private static bool NeverArrived(HttpRequestException exception) => !IsPrivateTarget(exception)
        && exception.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError;

    private static bool IsPrivateTarget(Exception? exception) => exception is PrivateTargetException || (exception is not null && IsPrivateTarget(exception.InnerException));
}
