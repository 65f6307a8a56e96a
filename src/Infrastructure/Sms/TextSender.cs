using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using PhoneAuth.Application.Abstractions;

namespace PhoneAuth.Infrastructure.Sms;

/// <summary>Takes one text to the gateways of its route, one after the other, until one has taken it.</summary>
internal sealed partial class TextSender(SmsRoutes routes, SmsTexts texts, Telemetry telemetry, TimeProvider clock, ILogger<TextSender> logger)
{
    private static readonly TimeSpan ShortestWait = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    /// <summary>No code lives longer, so no text is kept from a gateway for longer.</summary>
    private static readonly TimeSpan LongestSilence = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<string, DateTimeOffset> leftAloneUntil = new(StringComparer.Ordinal);

    /// <summary>Sends a text, and leaves its fate on it; it stays in hand where the hold on it was lost.</summary>
    /// <param name="text">The text.</param>
    /// <param name="holdAsync">Makes sure that it is still ours, and its code still live, for long enough for one try; false where it is not.</param>
    /// <param name="cancellationToken">Breaks a try off; what became of it is then nobody's to know.</param>
    public async Task SendAsync(HeldText text, Func<HeldText, Task<bool>> holdAsync, CancellationToken cancellationToken)
    {
        var message = text.Message;
        var sms = new SmsMessage(message.Id, message.PhoneNumber, texts.For(message.Code, message.Language, message.AndroidAppHash), message.Code, message.Language, message.ExpiresAt);
        var again = DateTimeOffset.MaxValue;
        foreach (var gateway in routes.Of(message.PhoneNumber).Where(gateway => !text.RefusedBy.Contains(gateway.Name)))
        {
            if (IsPassedOver(gateway, out var until))
            {
                again = Earlier(again, until);
                continue;
            }

            if (!await holdAsync(text))
            {
                return;
            }

            if (clock.UtcNow() >= message.ExpiresAt)
            {
                break;
            }

            text.Try(gateway.Name);
            var outcome = await TryAsync(gateway, sms, cancellationToken);
            switch (outcome.Result)
            {
                case SmsResult.Accepted:
                    text.Sent(outcome.GatewayMessageId);
                    return;
                case SmsResult.TryLater:
                    again = Earlier(again, LeaveAlone(gateway, outcome.RetryAfter));
                    break;
                case SmsResult.Refused:
                    text.Refuse(gateway.Name);
                    break;
                default:
                    throw new InvalidOperationException($"There is no result {outcome.Result}.");
            }

            NotTaken(gateway.Name, message.Id, message.PhoneNumber.Masked, outcome.Result, outcome.Reason);
        }

        TryAgain(text, again);
    }

    /// <summary>The wait grows with the time that the text has waited: it doubles. It ends with the code.</summary>
    private void TryAgain(HeldText text, DateTimeOffset again)
    {
        var now = clock.UtcNow();
        var waited = Math.Clamp((now - text.QueuedAt).TotalSeconds, ShortestWait.TotalSeconds, LongestWait.TotalSeconds);
        var wait = TimeSpan.FromMilliseconds(Math.Round(waited * 1000 * (0.75 + (Random.Shared.NextDouble() / 2))));
        if (again != DateTimeOffset.MaxValue && Later(again, now + wait) is var next && next < text.Message.ExpiresAt)
        {
            text.Leave(next);
        }
        else
        {
            text.Fail();
            telemetry.CodeFailed(text.Gateway ?? "none", text.Message.PhoneNumber.CountryCode);
            GivenUp(text.Message.Id, text.Message.PhoneNumber.Masked, text.Tries);
        }
    }

    private async Task<SmsOutcome> TryAsync(ISmsGateway gateway, SmsMessage sms, CancellationToken cancellationToken)
    {
        try
        {
            var outcome = await gateway.SendSeenAsync(sms, telemetry, cancellationToken);
            if (outcome.Result is not SmsResult.Accepted)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }

            return outcome;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // A gateway answers with outcomes; one that throws is broken, and people wait for their codes all the same.
            Broken(exception, gateway.Name, sms.Id);
            return SmsOutcome.TryLater(exception.GetType().Name);
        }
    }

    private bool IsPassedOver(ISmsGateway gateway, out DateTimeOffset until)
    {
        var now = clock.UtcNow();
        until = leftAloneUntil.GetValueOrDefault(gateway.Name, now);
        return until > now || !gateway.IsAvailable;
    }

    private DateTimeOffset LeaveAlone(ISmsGateway gateway, TimeSpan? asked)
    {
        var now = clock.UtcNow();
        return asked is { } time && time > TimeSpan.Zero ? leftAloneUntil[gateway.Name] = now + Shorter(time, LongestSilence) : now;
    }

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;

    [LoggerMessage(LogLevel.Warning, "{Gateway} did not take {MessageId} to {MaskedNumber}: {Result}, {Reason}")]
    private partial void NotTaken(string gateway, Guid messageId, string maskedNumber, SmsResult result, string? reason);

    [LoggerMessage(LogLevel.Error, "{MessageId} to {MaskedNumber} failed: no gateway took it, in {Tries} tries")]
    private partial void GivenUp(Guid messageId, string maskedNumber, int tries);

    [LoggerMessage(LogLevel.Error, "{Gateway} broke down over {MessageId}")]
    private partial void Broken(Exception exception, string gateway, Guid messageId);
}
