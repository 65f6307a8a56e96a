using PhoneAuth.Infrastructure.Persistence;
using PhoneAuth.Infrastructure.Security;

namespace PhoneAuth.WebApi.Http;

/// <summary>
/// Brings the schema up to date and the signing keys into memory, before the service listens. Where the database is not there yet, or takes
/// long, the service starts all the same, answers "unavailable" and tries again, until the database arrives.
/// </summary>
internal sealed partial class DatabaseStartup(
    DatabaseMigrator migrator, SigningKeyRing keyRing, DatabaseOptions options, TimeProvider clock, ILogger<DatabaseStartup> logger) : BackgroundService
{
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);

    /// <summary>How long the listener waits for a first answer of the database.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly TaskCompletionSource tried = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await base.StartAsync(cancellationToken);

        var first = await Task.WhenAny(tried.Task, ExecuteTask!, Task.Delay(Patience, clock, cancellationToken));
        if (first == ExecuteTask)
        {
            // It has failed at what no wait mends.
            await first;
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var arrived = await TryAsync(logFailure: true, stoppingToken);
        tried.SetResult();
        if (arrived)
        {
            return;
        }

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
            else if (!await migrator.IsReadyAsync(cancellationToken))
            {
                if (logFailure)
                {
                    Waiting("its schema is not this version's");
                }

                return false;
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
