using System.Data.Common;
using System.Globalization;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace PhoneAuth.Infrastructure.Persistence;

/// <summary>
/// What every SQLite connection is told: wait for other processes' writes rather than fail, and have each commit on the disk
/// before it is acknowledged.
/// </summary>
internal sealed class SqlitePragmas : DbConnectionInterceptor
{
    /// <summary>The word of a connection string for how long a statement waits for another process's write.</summary>
    public const string WaitKeyword = "Default Timeout";

    /// <summary>How long it waits where the connection string does not say: all other writers of this process wait behind it.</summary>
    public const int WaitSeconds = 5;

    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData)
    {
        using var command = connection.CreateCommand();
        command.CommandText = PragmasOf(connection);
        command.ExecuteNonQuery();
    }

    public override async Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = PragmasOf(connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static string PragmasOf(DbConnection connection) => string.Create(
        CultureInfo.InvariantCulture, $"PRAGMA busy_timeout = {1000 * ((SqliteConnection)connection).DefaultTimeout}; PRAGMA synchronous = FULL;");
}
