using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using SQLitePCL;

namespace PhoneAuth.Infrastructure.Persistence;

/// <summary>Users in an embedded SQLite file: one machine; transactions that write are immediate, so whoever writes is alone.</summary>
internal sealed class SqliteContext(DbContextOptions<SqliteContext> options) : PhoneAuthContext(options)
{
    public override string ForUpdate => "";

    public override string ForUpdateOfFree => "";

    public override object ToStored(DateTimeOffset time) => time.UtcTicks;

    public override async Task BeginSnapshotAsync(CancellationToken cancellationToken)
    {
        await Database.OpenConnectionAsync(cancellationToken);
        await Database.UseTransactionAsync(((SqliteConnection)Database.GetDbConnection()).BeginTransaction(deferred: true), cancellationToken);
    }

    public override async Task<string?> LeaveFlushAsync(CancellationToken cancellationToken)
    {
        var connection = Database.GetDbConnection();
        await using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA synchronous = NORMAL; PRAGMA journal_mode;";
        if (await command.ExecuteScalarAsync(cancellationToken) is not "wal")
        {
            command.CommandText = "PRAGMA synchronous = FULL;";
            await command.ExecuteNonQueryAsync(cancellationToken);
            return null;
        }

        // What an open connection says, and not its string: where that has a link, the log is beside what the link leads to.
        return connection.DataSource + "-wal";
    }

    public override Task<bool> HasSchemaAsync(CancellationToken cancellationToken) => this.GetService<IHistoryRepository>().ExistsAsync(cancellationToken);

    public override bool IsRefused(Exception exception) => exception is SqliteException || exception.InnerException is SqliteException;

    public override bool IsLostRace(Exception exception) => exception is DbUpdateConcurrencyException ||
        (exception as SqliteException ?? exception.InnerException as SqliteException)?.SqliteExtendedErrorCode
            is raw.SQLITE_CONSTRAINT_UNIQUE or raw.SQLITE_CONSTRAINT_PRIMARYKEY or raw.SQLITE_CONSTRAINT_FOREIGNKEY;

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        base.ConfigureConventions(configurationBuilder);

        // SQLite has no type for times, and its text form does not order: UTC ticks do.
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<TicksConverter>();
    }

    private sealed class TicksConverter() : ValueConverter<DateTimeOffset, long>(time => time.UtcTicks, ticks => new DateTimeOffset(ticks, TimeSpan.Zero));
}
