using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Serialization;
using PhoneAuth.Application.Abstractions;
using PhoneAuth.Domain;
using PhoneAuth.Domain.VerificationCodes;

namespace PhoneAuth.WebApi.Http;

/// <summary>A refusal as every caller sees it (RFC 9457).</summary>
internal sealed record Problem
{
    /// <summary><c>urn:phoneauth:</c> and the code.</summary>
    public required string Type { get; init; }

    /// <summary>A few words for a person, in the caller's language.</summary>
    public required string Title { get; init; }

    /// <summary>The HTTP status.</summary>
    public required int Status { get; init; }

    /// <summary>A sentence for a person, in the caller's language.</summary>
    public required string Detail { get; init; }

    /// <summary>The path that was asked for.</summary>
    public required string Instance { get; init; }

    /// <summary>What finds this request in the logs (W3C trace id).</summary>
    public required string TraceId { get; init; }

    /// <summary>The stable word to switch on.</summary>
    public required string Code { get; init; }

    /// <summary>With <c>validation_failed</c>: what is wrong with each field.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, string[]>? Errors { get; init; }

    /// <summary>With <c>code_invalid</c>: how many guesses this code still has.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? AttemptsLeft { get; init; }

    /// <summary>With every 429: when the limit that was hit lets go.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? RetryAt { get; init; }

    /// <summary>With <c>resend_too_soon</c>: how far the live code's text has come, <c>queued</c>, <c>sent</c>, <c>delivered</c> or <c>failed</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Delivery { get; init; }

    public static string? NameOf(Delivery? delivery) => delivery?.ToString().ToLowerInvariant();

    public static Problem Of(Error error, HttpContext context)
    {
        var language = Languages.Of(context.Request);
        return new Problem
        {
            Type = "urn:phoneauth:" + error.Code,
            Title = ProblemTexts.Title(error.Code, language),
            Status = ErrorStatus.Of(error),
            Detail = ProblemTexts.Translate(error.Message, language),
            Instance = context.Request.Path.ToUriComponent(),
            TraceId = Activity.Current?.TraceId.ToHexString() ?? context.TraceIdentifier,
            Code = error.Code,
            Errors = error.Fields?.ToDictionary(
                field => field.Key,
                field => Array.ConvertAll(field.Value, message => ProblemTexts.Translate(message, language)),
                StringComparer.Ordinal),
            AttemptsLeft = error.AttemptsLeft,
            RetryAt = error.RetryAt,
            Delivery = NameOf(error.Delivery),
        };
    }
}

/// <summary>Answers with a problem.</summary>
internal sealed class ProblemResult(Error error) : IResult
{
    private const string ContentType = "application/problem+json";
    private static readonly TimeSpan UnavailableFor = TimeSpan.FromSeconds(5);

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = ErrorStatus.Of(error);
        if (response.StatusCode == StatusCodes.Status401Unauthorized)
        {
            response.Headers.WWWAuthenticate = "Bearer";
        }

        if (error.RetryAt is { } retryAt)
        {
            var clock = httpContext.RequestServices.GetRequiredService<TimeProvider>();
            response.Headers.RetryAfter = Seconds(retryAt - clock.UtcNow());
        }
        else if (response.StatusCode == StatusCodes.Status503ServiceUnavailable)
        {
            response.Headers.RetryAfter = Seconds(UnavailableFor);
        }

        httpContext.Features.Set(new RefusalFeature(error.Code));
        httpContext.RequestServices.GetRequiredService<Telemetry>().Refused(error.Code);
        return response.WriteAsJsonAsync(Problem.Of(error, httpContext), options: null, ContentType, httpContext.RequestAborted);
    }

    private static string Seconds(TimeSpan wait) => Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
}

/// <summary>What a request was refused with, for its line in the log.</summary>
internal sealed record RefusalFeature(string Code);
