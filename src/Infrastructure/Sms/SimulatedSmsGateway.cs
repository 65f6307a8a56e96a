using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using PhoneAuth.Application.Abstractions;

namespace PhoneAuth.Infrastructure.Sms;

/// <summary>Delivers to nobody: takes as long as a gateway takes, then leaves the text in the inbox and one masked line in the log.</summary>
internal sealed partial class SimulatedSmsGateway(SimulatedSmsOptions options, DevInbox inbox, TimeProvider clock, ILogger<SimulatedSmsGateway> logger)
    : ISmsGateway
{
    public const string ProviderName = "Simulated";

    private const int Chances = 1_000_000;

    public string Name => ProviderName;

    public async Task<SmsOutcome> SendAsync(SmsMessage message, CancellationToken cancellationToken)
    {
        await Task.Delay(options.Delay, clock, cancellationToken);
        if (RandomNumberGenerator.GetInt32(Chances) < options.FailureRate * Chances)
        {
            return SmsOutcome.TryLater("a simulated failure");
        }

        inbox.Add(new InboxMessage(message.PhoneNumber.E164, message.Text, message.Code, clock.UtcNow()));
        Delivered(message.Id, message.PhoneNumber.Masked);
        return SmsOutcome.Accepted();
    }

    [LoggerMessage(LogLevel.Information, "Simulated delivery of {MessageId} to {MaskedNumber}")]
    private partial void Delivered(Guid messageId, string maskedNumber);
}
