using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace PhoneAuth.Application.Abstractions;

/// <summary>
/// What can be seen of the service from outside: its meters and its spans, named here and nowhere else. No tag ever holds a number, a code,
/// an address or a token: countries are calling codes, everything else is one of a few words of ours.
/// </summary>
public sealed class Telemetry
{
    /// <summary>The name of the meter and of the source of spans.</summary>
    public const string Name = "PhoneAuth";

    /// <summary>Where a text has gone through no gateway that is known: a code that was sent before gateways were remembered.</summary>
    private const string UnknownGateway = "unknown";

    private const string GatewayTag = "phoneauth.gateway";
    private const string CountryTag = "phoneauth.country";
    private const string OutcomeTag = "phoneauth.outcome";
    private const string ReasonTag = "phoneauth.reason";

    private readonly Counter<long> codesSent;
    private readonly Counter<long> codesDelivered;
    private readonly Counter<long> codesVerified;
    private readonly Counter<long> codesFailed;
    private readonly Histogram<double> timeToVerify;
    private readonly Histogram<double> gatewayDuration;
    private readonly Counter<long> numbersLocked;
    private readonly Counter<long> refusals;
    private readonly Counter<long> brakeDecisions;
    private readonly Counter<long> sessionsReused;

    /// <summary>Makes the instruments.</summary>
    /// <param name="meters">Makes meters that end with the service.</param>
    public Telemetry(IMeterFactory meters)
    {
        ArgumentNullException.ThrowIfNull(meters);
        Meter = meters.Create(Name);
        codesSent = Meter.CreateCounter<long>("phoneauth.codes.sent", "{code}", "Codes that a gateway has taken.");
        codesDelivered = Meter.CreateCounter<long>("phoneauth.codes.delivered", "{code}", "Codes that a gateway says have reached the phone.");
        codesVerified = Meter.CreateCounter<long>("phoneauth.codes.verified", "{code}", "Codes that were typed back.");
        codesFailed = Meter.CreateCounter<long>("phoneauth.codes.failed", "{code}", "Codes that no gateway has taken, or that a gateway says have not reached the phone.");
        timeToVerify = Meter.CreateHistogram(
            "phoneauth.codes.time_to_verify", "s", "From asking for a code to typing it back.", tags: null,
            new InstrumentAdvice<double> { HistogramBucketBoundaries = [1, 2, 5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 300, 600] });
        gatewayDuration = Meter.CreateHistogram(
            "phoneauth.gateway.duration", "s", "How long a gateway takes to answer.", tags: null,
            new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30] });
        numbersLocked = Meter.CreateCounter<long>("phoneauth.numbers.locked", "{lock}", "Locks of numbers after too many wrong codes.");
        refusals = Meter.CreateCounter<long>("phoneauth.refusals", "{refusal}", "Requests that were refused, by the code of the problem.");
        brakeDecisions = Meter.CreateCounter<long>("phoneauth.brake.decisions", "{decision}", "What budgets and the brake said to a send.");
        sessionsReused = Meter.CreateCounter<long>("phoneauth.sessions.reused", "{session}", "Sessions that ended because a refresh token was used again.");
    }

    /// <summary>The source of spans: one per use case, one per call of a gateway.</summary>
    public static ActivitySource Spans { get; } = new(Name);

    /// <summary>The meter, for instruments that are read rather than told.</summary>
    public Meter Meter { get; }

    /// <summary>Lets the queue of texts be looked at whenever somebody collects. It is the database's: every instance tells of the same one.</summary>
    /// <param name="look">How many texts wait, and since when the oldest does (UTC; null where none waits), as it was seen last.</param>
    /// <param name="clock">The clock.</param>
    public void ObserveQueue(Func<(long Depth, DateTimeOffset? OldestAt)> look, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(look);
        Meter.CreateObservableGauge("phoneauth.queue.depth", () => look().Depth, "{text}", "Texts that no gateway has taken yet.");
        Meter.CreateObservableGauge(
            "phoneauth.queue.age", () => look().OldestAt is { } since ? Math.Max(0, (clock.UtcNow() - since).TotalSeconds) : 0, "s", "How long the oldest of them has waited.");
    }

    /// <summary>A gateway has answered.</summary>
    /// <param name="gateway">The gateway's name.</param>
    /// <param name="countryCode">The number's country code.</param>
    /// <param name="outcome">What it said, in one word of ours.</param>
    /// <param name="took">How long it took.</param>
    public void GatewayAnswered(string gateway, string countryCode, string outcome, TimeSpan took) =>
        gatewayDuration.Record(took.TotalSeconds, new(GatewayTag, gateway), new(CountryTag, countryCode), new(OutcomeTag, outcome));

    /// <summary>A gateway has taken a code.</summary>
    /// <param name="gateway">The gateway's name.</param>
    /// <param name="countryCode">The number's country code.</param>
    public void CodeSent(string gateway, string countryCode) => codesSent.Add(1, new(GatewayTag, gateway), new(CountryTag, countryCode));

    /// <summary>A gateway has reported for the first time what became of a code.</summary>
    /// <param name="gateway">The gateway's name.</param>
    /// <param name="countryCode">The number's country code.</param>
    /// <param name="delivered">Whether it has reached the phone.</param>
    public void CodeReported(string gateway, string countryCode, bool delivered) =>
        (delivered ? codesDelivered : codesFailed).Add(1, new(GatewayTag, gateway), new(CountryTag, countryCode));

    /// <summary>A code was given up: no gateway takes it.</summary>
    /// <param name="gateway">The last gateway that was tried; null where there was none.</param>
    /// <param name="countryCode">The number's country code.</param>
    public void CodeFailed(string? gateway, string countryCode) => codesFailed.Add(1, new(GatewayTag, gateway ?? UnknownGateway), new(CountryTag, countryCode));

    /// <summary>A code was typed back.</summary>
    /// <param name="gateway">The gateway that took it; null where it is not known.</param>
    /// <param name="countryCode">The number's country code.</param>
    /// <param name="took">Since it was asked for.</param>
    public void CodeVerified(string? gateway, string countryCode, TimeSpan took)
    {
        KeyValuePair<string, object?> byGateway = new(GatewayTag, gateway ?? UnknownGateway), byCountry = new(CountryTag, countryCode);
        codesVerified.Add(1, byGateway, byCountry);
        timeToVerify.Record(Math.Max(0, took.TotalSeconds), byGateway, byCountry);
    }

    /// <summary>A number was locked.</summary>
    /// <param name="countryCode">The number's country code.</param>
    /// <param name="forGood">Whether only an operator can unlock it.</param>
    public void NumberLocked(string countryCode, bool forGood) =>
        numbersLocked.Add(1, new(CountryTag, countryCode), new("phoneauth.lock", forGood ? "disabled" : "locked"));

    /// <summary>A request was refused.</summary>
    /// <param name="code">The problem's code.</param>
    public void Refused(string code) => refusals.Add(1, new KeyValuePair<string, object?>("phoneauth.refusal", code));

    /// <summary>Budgets and the brake have decided about a send.</summary>
    /// <param name="countryCode">The number's country code.</param>
    /// <param name="outcome"><c>allowed</c>, <c>recorded</c> (it would have been refused) or <c>refused</c>.</param>
    /// <param name="reason">The limit that was hit, or why none was.</param>
    public void BrakeDecided(string countryCode, string outcome, string reason) =>
        brakeDecisions.Add(1, new(CountryTag, countryCode), new(OutcomeTag, outcome), new(ReasonTag, reason));

    /// <summary>A session ended because one of its refresh tokens was used again.</summary>
    public void SessionReused() => sessionsReused.Add(1);
}
