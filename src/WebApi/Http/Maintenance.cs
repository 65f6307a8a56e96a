using PhoneAuth.Infrastructure.Persistence;
using PhoneAuth.Infrastructure.Security;

namespace PhoneAuth.WebApi.Http;

/// <summary>What an instance does by itself: look for new signing keys each minute, purge what has expired each hour.</summary>
internal sealed partial class Maintenance(SigningKeyRing keyRing, Purge purge, TimeProvider clock, ILogger<Maintenance> logger) : BackgroundService
{
    private const int TicksPerPurge = 60;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(SigningKeyRing.RefreshInterval, clock);
        for (var tick = 1; await timer.WaitForNextTickAsync(stoppingToken); tick++)
        {
            try
            {
                await keyRing.RefreshAsync(stoppingToken);
                if (tick % TicksPerPurge == 0 && await purge.RunAsync(stoppingToken) is { } purged)
                {
                    Purged(purged.VerificationCodes, purged.Sessions, purged.Addresses, purged.Receipts, purged.SigningKeys);
                }
            }
            catch (Exception exception) when (DatabaseFaults.Caused(exception))
            {
                Postponed(exception.GetBaseException().Message);
            }
            catch (Exception exception) when (BadSettings.In(exception) is { } line)
            {
                // A key that another instance sealed with a secret key which this one does not have: the keys it has go on signing.
                NotOpened(line);
            }
        }
    }

    [LoggerMessage(LogLevel.Information, "Purged {VerificationCodes} verification rows, {Sessions} sessions, {Addresses} addresses, {Receipts} receipts, {SigningKeys} signing keys")]
    private partial void Purged(int verificationCodes, int sessions, int addresses, int receipts, int signingKeys);

    [LoggerMessage(LogLevel.Warning, "Maintenance is put off for a minute: {Reason}")]
    private partial void Postponed(string reason);

    [LoggerMessage(LogLevel.Error, "New signing keys cannot be used: {Reason}")]
    private partial void NotOpened(string reason);
}
