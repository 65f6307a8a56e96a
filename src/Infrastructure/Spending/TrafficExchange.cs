using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using PhoneAuth.Domain.Spending;
using PhoneAuth.Infrastructure.Persistence;

namespace PhoneAuth.Infrastructure.Spending;

/// <summary>Adds up with the other instances each second while there is traffic, and once more at the end.</summary>
internal sealed partial class TrafficExchange(CountryTrafficLedger ledger, BrakePolicy brake, TimeProvider clock, ILogger<TrafficExchange> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        try
        {
            while (brake.IsOn && await timer.WaitForNextTickAsync(stoppingToken))
            {
                if (ledger.IsBusy)
                {
                    await ExchangeAsync(stoppingToken);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Whoever stops it waits for the last exchange, as long as they may.
            if (ledger.WasUsed)
            {
                await ExchangeAsync(CancellationToken.None);
            }
        }
    }

    private async Task ExchangeAsync(CancellationToken cancellationToken)
    {
        try
        {
            await ledger.ExchangeAsync(cancellationToken);
        }
        catch (Exception exception) when (DatabaseFaults.Caused(exception))
        {
            PutOff(exception.GetBaseException().Message);
        }
    }

    [LoggerMessage(LogLevel.Warning, "What was sent to which country is added up later: {Reason}")]
    private partial void PutOff(string reason);
}
