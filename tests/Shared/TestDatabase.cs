using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using PhoneAuth.Infrastructure.Persistence;

namespace PhoneAuth.Testing;

/// <summary>A database of a fixture's own, cloned from one that was migrated once.</summary>
internal sealed class TestDatabase : IAsyncDisposable
{
    private const string ServerVariable = "PHONEAUTH_TEST_POSTGRES";
    private const int PoolSize = 24;

    private static readonly Lazy<Task<string>> SqliteTemplate = new(MakeSqliteTemplateAsync);
    private static readonly Lazy<Task<string>> PostgreSqlTemplate = new(MakePostgreSqlTemplateAsync);
    private static readonly SemaphoreSlim Cloning = new(1, 1);

    private TestDatabase(DatabaseKind kind, string name, string connectionString) => (Kind, Name, ConnectionString) = (kind, name, connectionString);

    public DatabaseKind Kind { get; }

    /// <summary>The file of an SQLite database, the name of a PostgreSQL one.</summary>
    public string Name { get; }

    public string ConnectionString { get; }

    public static async Task<TestDatabase> CreateAsync(DatabaseKind kind) =>
        kind == DatabaseKind.Sqlite ? CloneSqlite(await SqliteTemplate.Value) : await ClonePostgreSqlAsync(await PostgreSqlTemplate.Value);

    /// <summary>A database of this kind that has no schema yet.</summary>
    public static async Task<TestDatabase> CreateEmptyAsync(DatabaseKind kind)
    {
        if (kind == DatabaseKind.Sqlite)
        {
            return OfSqlite(NewFile());
        }

        var name = NewName();
        await OnServerAsync($"CREATE DATABASE {name}");
        return OfPostgreSql(name);
    }

    /// <summary>A database that was made elsewhere, by its <see cref="Name"/>; it goes with this.</summary>
    public static TestDatabase Existing(DatabaseKind kind, string name) => kind == DatabaseKind.Sqlite ? OfSqlite(name) : OfPostgreSql(name);

    /// <summary>A context on this database, besides those of the service.</summary>
    public PhoneAuthContext Open() => Kind == DatabaseKind.Sqlite
        ? new SqliteContext(new DbContextOptionsBuilder<SqliteContext>().UseSqlite(ConnectionString).AddInterceptors(new SqlitePragmas()).Options)
        : new PostgreSqlContext(new DbContextOptionsBuilder<PostgreSqlContext>().UseNpgsql(ConnectionString).Options);

    /// <summary>
    /// Takes the database away from those who use it, until what comes back is disposed of: PostgreSQL throws everybody out and lets nobody in;
    /// an SQLite file is locked by somebody who is long at writing.
    /// </summary>
    public async Task<IAsyncDisposable> TakeAwayAsync()
    {
        if (Kind == DatabaseKind.Sqlite)
        {
            var writer = new SqliteConnection(ConnectionString + ";Pooling=False");
            await writer.OpenAsync();
            await writer.BeginTransactionAsync();
            return writer;
        }

        await OnServerAsync($"ALTER DATABASE {Name} ALLOW_CONNECTIONS false");
        await OnServerAsync($"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{Name}'");
        return new Return(() => OnServerAsync($"ALTER DATABASE {Name} ALLOW_CONNECTIONS true"));
    }

    /// <summary>
    /// Waits until a task that is about to ask for a held row stands in line for it, or is over. SQLite's writers stand in line before they touch
    /// the file, so they wait at once; PostgreSQL says who waits for whom.
    /// </summary>
    public async Task UntilBlockedAsync(Task waiting)
    {
        if (Kind == DatabaseKind.Sqlite)
        {
            return;
        }

        await using var connection = new NpgsqlConnection(ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(
            "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock')", connection);
        while (!waiting.IsCompleted && await command.ExecuteScalarAsync() is false)
        {
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Kind == DatabaseKind.Sqlite)
        {
            await using var connection = new SqliteConnection(ConnectionString);
            SqliteConnection.ClearPool(connection);
            foreach (var file in Directory.GetFiles(Path.GetDirectoryName(Name)!, Path.GetFileName(Name) + "*"))
            {
                File.Delete(file);
            }

            return;
        }

        await using (var connection = new NpgsqlConnection(ConnectionString))
        {
            NpgsqlConnection.ClearPool(connection);
        }

        await OnServerAsync($"DROP DATABASE {Name} WITH (FORCE)");
    }

    private static TestDatabase CloneSqlite(string template)
    {
        var file = NewFile();
        File.Copy(template, file);
        return OfSqlite(file);
    }

    private static async Task<TestDatabase> ClonePostgreSqlAsync(string template)
    {
        var name = NewName();

        // PostgreSQL clones a database only while nobody else is in it, another cloner included.
        await Cloning.WaitAsync();
        try
        {
            await OnServerAsync($"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY");
        }
        finally
        {
            Cloning.Release();
        }

        return OfPostgreSql(name);
    }

    private static async Task<string> MakeSqliteTemplateAsync()
    {
        var database = OfSqlite(NewFile());
        await using (var context = database.Open())
        {
            await context.Database.ExecuteSqlAsync($"PRAGMA journal_mode = WAL");
            await context.Database.MigrateAsync();
            await context.Database.ExecuteSqlAsync($"PRAGMA wal_checkpoint(TRUNCATE)");
        }

        SqliteConnection.ClearAllPools();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => File.Delete(database.Name);
        return database.Name;
    }

    private static async Task<string> MakePostgreSqlTemplateAsync()
    {
        var name = NewName();
        await OnServerAsync($"CREATE DATABASE {name}");
        var database = OfPostgreSql(name);
        await using (var context = database.Open())
        {
            await context.Database.MigrateAsync();
        }

        await using (var connection = new NpgsqlConnection(database.ConnectionString))
        {
            NpgsqlConnection.ClearPool(connection);
        }

        AppDomain.CurrentDomain.ProcessExit += (_, _) => OnServerAsync($"DROP DATABASE {name} WITH (FORCE)").GetAwaiter().GetResult();
        return name;
    }

    private static string NewName() => "phoneauth_test_" + Guid.NewGuid().ToString("N");

    private static string NewFile() => Path.Combine(Path.GetTempPath(), NewName() + ".db");

    private static TestDatabase OfSqlite(string file) =>
        new(DatabaseKind.Sqlite, file, new SqliteConnectionStringBuilder { DataSource = file, ForeignKeys = true }.ConnectionString);

    private static TestDatabase OfPostgreSql(string name) => new(
        DatabaseKind.PostgreSql,
        name,
        new NpgsqlConnectionStringBuilder(Server()) { Database = name, MaxPoolSize = PoolSize, NoResetOnClose = true }.ConnectionString);

    private static string Server() => Environment.GetEnvironmentVariable(ServerVariable)
        ?? throw new InvalidOperationException($"{ServerVariable} names no PostgreSQL server: ./test.sh starts one and sets it.");

    private static async Task OnServerAsync(string sql)
    {
        var server = new NpgsqlConnectionStringBuilder(Server()) { Database = "postgres", Pooling = false };
        await using var connection = new NpgsqlConnection(server.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private sealed class Return(Func<Task> giveBack) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() => await giveBack();
    }
}
