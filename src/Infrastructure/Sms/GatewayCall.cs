using System.Diagnostics;
using PhoneAuth.Application.Abstractions;

namespace PhoneAuth.Infrastructure.Sms;

/// <summary>A call of a gateway as it is seen from outside: a span and its duration, never the number or the text.</summary>
internal static class GatewayCall
{
    /// <summary>Hands one text to a gateway, and notes how long it took and what it said.</summary>
    /// <param name="gateway">The gateway.</param>
    /// <param name="message">The text.</param>
    /// <param name="telemetry">Where it is noted.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<SmsOutcome> SendSeenAsync(this ISmsGateway gateway, SmsMessage message, Telemetry telemetry, CancellationToken cancellationToken)
    {
        var country = message.PhoneNumber.CountryCode;
        using var span = Telemetry.Spans.StartActivity("sms.send", ActivityKind.Client);
        span?.SetTag("phoneauth.gateway", gateway.Name).SetTag("phoneauth.country", country);
        var start = Stopwatch.GetTimestamp();
        var outcome = await gateway.SendAsync(message, cancellationToken);
        var word = Word(outcome.Result);
        span?.SetTag("phoneauth.outcome", word).SetStatus(outcome.Result is SmsResult.Accepted ? ActivityStatusCode.Unset : ActivityStatusCode.Error);
        telemetry.GatewayAnswered(gateway.Name, country, word, Stopwatch.GetElapsedTime(start));
        if (outcome.Result is SmsResult.Accepted)
        {
            telemetry.CodeSent(gateway.Name, country);
        }

        return outcome;
    }

    private static string Word(SmsResult result) => result switch
    {
        SmsResult.Accepted => "accepted",
        SmsResult.TryLater => "try_later",
        _ => "refused",
    };
}
