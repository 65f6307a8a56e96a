using FluentValidation;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace PhoneAuth.Infrastructure.Persistence;

/// <summary>How migrations run, as the settings under <c>Database</c> say it.</summary>
public sealed record DatabaseOptions
{
    /// <summary>Whether the service brings the schema up to date when it starts.</summary>
    public bool MigrateAtStart { get; init; } = true;
}

/// <summary>Where the users live, as <c>ConnectionStrings:Database</c> says it.</summary>
public sealed record ConnectionOptions
{
    /// <summary>The connection string: <c>Host=…</c> is PostgreSQL, <c>Data Source=…</c> an SQLite file.</summary>
    public string Database { get; init; } = "Data Source=data/phoneauth.db";

    /// <summary>Whether it is a connection string of either kind.</summary>
    public bool IsUsable => IsPostgreSql || IsSqlite;

    internal bool IsPostgreSql => IsReadableAs<NpgsqlConnectionStringBuilder>(builder => !string.IsNullOrEmpty(builder.Host));

    internal bool IsSqlite => IsReadableAs<SqliteConnectionStringBuilder>(builder => !string.IsNullOrEmpty(builder.DataSource));

    private bool IsReadableAs<TBuilder>(Func<TBuilder, bool> complete)
        where TBuilder : System.Data.Common.DbConnectionStringBuilder, new()
    {
        try
        {
            return complete(new TBuilder { ConnectionString = Database });
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or KeyNotFoundException)
        {
            return false;
        }
    }
}

internal sealed class DatabaseOptionsValidator : AbstractValidator<DatabaseOptions>;

internal sealed class ConnectionOptionsValidator : AbstractValidator<ConnectionOptions>
{
    public ConnectionOptionsValidator() => RuleFor(options => options)
        .Must(options => options.IsUsable)
        .OverridePropertyName(nameof(ConnectionOptions.Database))
        .WithMessage("This is neither a PostgreSQL connection string (Host=…) nor an SQLite one (Data Source=…).");
}
