using PhoneAuth.Infrastructure.Persistence;
using PhoneAuth.Infrastructure.Security;

namespace PhoneAuth.WebApi.Http;

/// <summary>
/// Brings the schema up to date and the signing keys into memory. Where the database is not there yet the service starts all the same,
/// answers "unavailable" and tries again, until the database arrives.
/// </summary>
internal sealed partial class DatabaseStartup(
    DatabaseMigrator migrator, SigningKeyRing keyRing, DatabaseOptions options, TimeProvider clock, ILogger<DatabaseStartup> logger) : BackgroundService
{
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        if (!await TryAsync(logFailure: true, cancellationToken))
        {
            await base.StartAsync(cancellationToken);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var wait = FirstWait;
        do
        {
            await Task.Delay(wait, clock, stoppingToken);
            wait = wait * 2 < LongestWait ? wait * 2 : LongestWait;
        }
        while (!await TryAsync(logFailure: false, stoppingToken));
        Arrived();
    }

    private async Task<bool> TryAsync(bool logFailure, CancellationToken cancellationToken)
    {
        try
        {
            if (options.MigrateAtStart)
            {
                await migrator.MigrateAsync(cancellationToken);
            }

            await keyRing.RefreshAsync(cancellationToken);
            return true;
        }
        catch (Exception exception) when (DatabaseFaults.Caused(exception))
        {
            if (logFailure)
            {
                Waiting(exception.GetBaseException().Message);
            }

            return false;
        }
    }

    [LoggerMessage(LogLevel.Warning, "The database cannot be used yet: {Reason}. Waiting for it")]
    private partial void Waiting(string reason);

    [LoggerMessage(LogLevel.Information, "The database has arrived")]
    private partial void Arrived();
}
