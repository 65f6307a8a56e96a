using System.Data;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace PhoneAuth.Infrastructure.Persistence;

/// <summary>Users in PostgreSQL: any number of instances; rows are held with FOR UPDATE.</summary>
internal sealed class PostgreSqlContext(DbContextOptions<PostgreSqlContext> options) : PhoneAuthContext(options)
{
    public override string ForUpdate => " FOR UPDATE";

    public override string ForUpdateOfFree => " FOR UPDATE SKIP LOCKED";

    public override object ToStored(DateTimeOffset time) => time;

    public override Task BeginSnapshotAsync(CancellationToken cancellationToken) =>
        Database.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);

    public override Task<bool> HasSchemaAsync(CancellationToken cancellationToken) =>
        Database.SqlQuery<bool>($"""SELECT to_regclass('"__EFMigrationsHistory"') IS NOT NULL AS "Value" """).SingleAsync(cancellationToken);

    public override bool IsRefused(Exception exception) => exception is PostgresException || exception.InnerException is PostgresException;

    public override bool IsLostRace(Exception exception) => exception is DbUpdateConcurrencyException ||
        (exception as PostgresException ?? exception.InnerException as PostgresException)?.SqlState
            is PostgresErrorCodes.UniqueViolation
            or PostgresErrorCodes.ForeignKeyViolation
            or PostgresErrorCodes.SerializationFailure
            or PostgresErrorCodes.DeadlockDetected;
}
