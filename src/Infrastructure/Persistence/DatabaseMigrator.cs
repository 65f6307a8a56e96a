using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace PhoneAuth.Infrastructure.Persistence;

/// <summary>Brings the schema up to date. Any number of instances may start at once: one migrates, the others wait for it.</summary>
public sealed partial class DatabaseMigrator
{
    /// <summary>The advisory lock of migrations: a number that nothing else of ours locks.</summary>
    private const long AdvisoryLock = 0x50484F4E45;

    /// <summary>How often a lock's file may have gone by the time that it is looked at, before what is wrong is something else.</summary>
    private const int MaxGone = 10;

    private readonly IServiceScopeFactory scopes;
    private readonly ILogger<DatabaseMigrator> logger;
    private volatile bool current;

    internal DatabaseMigrator(IServiceScopeFactory scopes, ILogger<DatabaseMigrator> logger) => (this.scopes, this.logger) = (scopes, logger);

    /// <summary>Whether the schema was seen to be this program's. It stays so.</summary>
    internal bool IsCurrent => current;

    /// <summary>Applies the migrations that the database does not have yet.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task MigrateAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var context = scope.ServiceProvider.GetRequiredService<PhoneAuthContext>();
        if (context is PostgreSqlContext)
        {
            await MigratePostgreSqlAsync(context, cancellationToken);
        }
        else
        {
            await MigrateSqliteAsync(context, cancellationToken);
        }

        current = true;
    }

    /// <summary>Whether the database can be reached and has every migration that this program knows.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<bool> IsReadyAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var context = scope.ServiceProvider.GetRequiredService<PhoneAuthContext>();
        if (current)
        {
            return await context.SigningKeys.AnyAsync(cancellationToken) || await context.Database.CanConnectAsync(cancellationToken);
        }

        // Asked first: reading a table that is not there would be an error in everybody's logs.
        current = await context.HasSchemaAsync(cancellationToken)
            && !(await context.Database.GetPendingMigrationsAsync(cancellationToken)).Any();
        return current;
    }

    private async Task MigratePostgreSqlAsync(PhoneAuthContext context, CancellationToken cancellationToken)
    {
        // One session from the lock to its end; EF's own lock begins only once its history table exists.
        await context.Database.OpenConnectionAsync(cancellationToken);
        try
        {
            await context.Database.ExecuteSqlAsync($"SELECT pg_advisory_lock({AdvisoryLock})", cancellationToken);
            try
            {
                await ApplyAsync(context, cancellationToken);
            }
            finally
            {
                // The connection goes back to the pool as it is. Where it is broken, its locks have gone with it.
                await context.Database.ExecuteSqlAsync($"SELECT pg_advisory_unlock({AdvisoryLock})", CancellationToken.None);
            }
        }
        finally
        {
            await context.Database.CloseConnectionAsync();
        }
    }

    private async Task MigrateSqliteAsync(PhoneAuthContext context, CancellationToken cancellationToken)
    {
        var path = context.Database.GetDbConnection().DataSource;
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        await using var alone = await LockFileAsync(path + ".migrating", cancellationToken);
        await context.Database.ExecuteSqlAsync($"PRAGMA journal_mode = WAL", cancellationToken);

        // EF marks a migration under way with a row, and a process that died leaves it there for ever. Whoever holds the file knows better.
        await context.Database.ExecuteSqlAsync(
            $"""CREATE TABLE IF NOT EXISTS "__EFMigrationsLock" ("Id" INTEGER NOT NULL CONSTRAINT "PK___EFMigrationsLock" PRIMARY KEY, "Timestamp" TEXT NOT NULL); DELETE FROM "__EFMigrationsLock";""",
            cancellationToken);
        await ApplyAsync(context, cancellationToken);
    }

    private static async Task<FileStream> LockFileAsync(string path, CancellationToken cancellationToken)
    {
        for (var gone = 0; ;)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
            }
            catch (IOException) when (File.Exists(path) || ++gone < MaxGone)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), cancellationToken);
            }
        }
    }

    private async Task ApplyAsync(PhoneAuthContext context, CancellationToken cancellationToken)
    {
        await context.GetService<IHistoryRepository>().CreateIfNotExistsAsync(cancellationToken);
        var pending = (await context.Database.GetPendingMigrationsAsync(cancellationToken)).ToList();
        if (pending.Count > 0)
        {
            await context.Database.MigrateAsync(cancellationToken);
            Migrated(pending.Count, pending[^1]);
        }
    }

    [LoggerMessage(LogLevel.Information, "Applied {Count} migrations, the last is {Migration}")]
    private partial void Migrated(int count, string migration);
}
