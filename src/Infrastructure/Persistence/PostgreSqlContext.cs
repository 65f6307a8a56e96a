using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace PhoneAuth.Infrastructure.Persistence;

/// <summary>Users in PostgreSQL: any number of instances; rows are held with FOR UPDATE.</summary>
internal sealed class PostgreSqlContext(DbContextOptions<PostgreSqlContext> options) : PhoneAuthContext(options)
{
    public override string ForUpdate => " FOR UPDATE";

    public override bool IsLostRace(Exception exception) => exception is DbUpdateConcurrencyException ||
        (exception as PostgresException ?? exception.InnerException as PostgresException)?.SqlState
            is PostgresErrorCodes.UniqueViolation
            or PostgresErrorCodes.ForeignKeyViolation
            or PostgresErrorCodes.SerializationFailure
            or PostgresErrorCodes.DeadlockDetected;
}
