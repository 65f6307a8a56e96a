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
        return new NpgsqlDataSourceBuilder(builder.ConnectionString) { Name = "phoneauth" }.Build();
    }
}
