using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using PhoneAuth.Application.Abstractions;

namespace PhoneAuth.Infrastructure.Sms;

/// <summary>Takes codes from requests, which go on at once, and gives them to the gateway behind them.</summary>
internal sealed partial class CodeDispatcher(SmsRoutes routes, SmsTexts texts, Telemetry telemetry, ILogger<CodeDispatcher> logger) : BackgroundService, ICodeSender
{
    private readonly Channel<CodeMessage> queue = Channel.CreateUnbounded<CodeMessage>(new UnboundedChannelOptions { SingleReader = true });
    private readonly ConcurrentDictionary<Guid, Task> underWay = new();

    public void Send(CodeMessage message) => queue.Writer.TryWrite(message);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await foreach (var message in queue.Reader.ReadAllAsync(stoppingToken))
            {
                var delivery = DeliverAsync(message, stoppingToken);
                underWay[message.Id] = delivery;
                _ = delivery.ContinueWith(_ => underWay.TryRemove(message.Id, out Task? _), TaskScheduler.Default);
            }
        }
        finally
        {
            await Task.WhenAll(underWay.Values);
        }
    }

    private async Task DeliverAsync(CodeMessage message, CancellationToken cancellationToken)
    {
        await Task.Yield();
        try
        {
            var text = texts.For(message.Code, message.Language, message.AndroidAppHash);
            var gateway = routes.Of(message.PhoneNumber)[0];
            var outcome = await gateway.SendSeenAsync(
                new SmsMessage(message.Id, message.PhoneNumber, text, message.Code, message.Language, message.ExpiresAt), telemetry, cancellationToken);
            if (outcome.Result is not SmsResult.Accepted)
            {
                telemetry.CodeFailed(gateway.Name, message.PhoneNumber.CountryCode);
                NotTaken(message.Id, message.PhoneNumber.Masked, outcome.Reason);
            }
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            Failed(exception, message.Id, message.PhoneNumber.Masked);
        }
        catch (OperationCanceledException)
        {
            Abandoned(message.Id, message.PhoneNumber.Masked);
        }
    }

    [LoggerMessage(LogLevel.Error, "The gateway did not take {MessageId} to {MaskedNumber}: {Reason}")]
    private partial void NotTaken(Guid messageId, string maskedNumber, string? reason);

    [LoggerMessage(LogLevel.Error, "Delivery of {MessageId} to {MaskedNumber} failed")]
    private partial void Failed(Exception exception, Guid messageId, string maskedNumber);

    [LoggerMessage(LogLevel.Warning, "Delivery of {MessageId} to {MaskedNumber} was broken off by the service's end")]
    private partial void Abandoned(Guid messageId, string maskedNumber);
}
