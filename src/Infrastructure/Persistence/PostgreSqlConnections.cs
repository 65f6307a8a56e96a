using Npgsql;

namespace PhoneAuth.Infrastructure.Persistence;

/// <summary>How connections to PostgreSQL are kept, where the connection string does not say otherwise.</summary>
internal static class PostgreSqlConnections
{
    private const int MaxPreparedStatements = 100;

    /// <summary>
    /// As much as a hundred get done on a few cores: who comes beyond waits for a turn of milliseconds. A pool that is larger than what the server has to give does not
    /// wait, it tries in vain: with ten connections to give, a tenth of the work was done.
    /// </summary>
    private const int MaxConnections = 8;

    /// <summary>
    /// What serves a request goes by an index, also where PostgreSQL takes a table for small because it has not looked at it lately: a list of keys it would else
    /// look for in the whole table, and go on doing so while that grows. What has no index to go by is not stopped; such a plan only counts as
    /// very expensive, which is not to be a reason for compiling it.
    /// </summary>
    private const string ByIndex = "SET enable_seqscan = off; SET jit = off";

    private static readonly Dictionary<string, object> Defaults = new(StringComparer.OrdinalIgnoreCase)
    {
        // Statements that come again are planned once for each connection.
        ["Max Auto Prepare"] = MaxPreparedStatements,
        ["Auto Prepare Min Usages"] = 2,

        // Nothing that we do outlives its transaction on a connection, so there is nothing to reset between two users of it.
        ["No Reset On Close"] = true,

        // Npgsql looks for Kerberos by itself, and where its library is not installed two lines on standard error say so.
        ["GSS Encryption Mode"] = nameof(GssEncryptionMode.Disable),
    };

    public static NpgsqlDataSource CreateSource(string connectionString)
    {
        var builder = new NpgsqlConnectionStringBuilder(connectionString);
        foreach (var (key, value) in Defaults)
        {
            if (!builder.ShouldSerialize(key))
            {
                builder[key] = value;
            }
        }

        if (!builder.ShouldSerialize("Maximum Pool Size"))
        {
            builder.MaxPoolSize = Math.Max(MaxConnections, builder.MinPoolSize);
        }

        // Named, so that spans and meters do not carry the connection string.
        return new NpgsqlDataSourceBuilder(builder.ConnectionString) { Name = "phoneauth" }.UsePhysicalConnectionInitializer(Prepare, PrepareAsync).Build();
    }

    private static void Prepare(NpgsqlConnection connection)
    {
        using var command = new NpgsqlCommand(ByIndex, connection);
        command.ExecuteNonQuery();
    }

    private static async Task PrepareAsync(NpgsqlConnection connection)
    {
        await using var command = new NpgsqlCommand(ByIndex, connection);
        await command.ExecuteNonQueryAsync();
    }
}
