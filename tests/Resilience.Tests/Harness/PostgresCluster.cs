using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Npgsql;
using PhoneAuth.Testing;

namespace PhoneAuth.Resilience.Tests.Harness;

/// <summary>A PostgreSQL server of a test's own, to be killed: real processes in a folder of their own, run by somebody without privileges.</summary>
internal sealed class PostgresCluster : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);
    private static readonly string Programs = FindPrograms();
    private static readonly string Password = Convert.ToHexString(RandomNumberGenerator.GetBytes(16));

    /// <summary>An empty cluster, made once for all tests.</summary>
    private static readonly Lazy<Task<PostgresCluster>> Template = new(MakeTemplateAsync);

    private readonly string folder = Directory.CreateTempSubdirectory("phoneauth_cluster_").FullName;
    private readonly string[] settings;
    private readonly int port = Ports.Free();
    private readonly ConcurrentQueue<string> lines = new();
    private Process? process;

    private PostgresCluster(params string[] settings) => this.settings = settings;

    public int Port => port;

    /// <summary>The folder of its files.</summary>
    public string Data => Path.Combine(folder, "data");

    /// <summary>How a service comes in, to a database that it makes itself at home in.</summary>
    public string ConnectionString => Connection("phoneauth").ConnectionString;

    /// <summary>Who runs it, where that is not who runs the tests: PostgreSQL refuses to run as root.</summary>
    public static string? Owner => !Environment.IsPrivilegedProcess ? null
        : File.ReadLines("/etc/passwd").Any(line => line.StartsWith("postgres:", StringComparison.Ordinal)) ? "postgres" : "nobody";

    /// <summary>Makes a server and starts it, with a database for the service.</summary>
    /// <param name="settings">Settings, as <c>name=value</c>.</param>
    public static async Task<PostgresCluster> StartAsync(params string[] settings)
    {
        var template = await Template.Value;
        var cluster = new PostgresCluster(settings);
        await RunAsync("cp", "--archive", template.Data, cluster.folder);
        await cluster.OwnAsync();
        await cluster.StartAsync();
        await cluster.ExecuteAsync("CREATE DATABASE phoneauth");
        return cluster;
    }

    /// <summary>A further, empty database.</summary>
    /// <returns>Its name, and how a service comes in.</returns>
    public async Task<(string Name, string ConnectionString)> AddDatabaseAsync()
    {
        var name = "phoneauth_" + Guid.NewGuid().ToString("N");
        await ExecuteAsync($"CREATE DATABASE {name}");
        return (name, Connection(name).ConnectionString);
    }

    /// <summary>Makes and starts a second server that follows this one.</summary>
    /// <param name="name">What it calls itself.</param>
    public async Task<PostgresCluster> FollowAsync(string name)
    {
        var standby = new PostgresCluster(settings);
        await standby.OwnAsync();
        var source = string.Create(CultureInfo.InvariantCulture, $"host=127.0.0.1 port={port} user=phoneauth password={Password} application_name={name}");
        await standby.RunProgramAsync("pg_basebackup", "--pgdata", standby.Data, "--dbname", source, "--write-recovery-conf", "--checkpoint", "fast", "--no-sync");
        await standby.StartAsync();
        return standby;
    }

    /// <summary>Ends every process of it with SIGKILL.</summary>
    public void Kill()
    {
        process!.Kill(entireProcessTree: true);
        process.WaitForExit();
        process.Dispose();
        process = null;
    }

    /// <summary>Starts it, and waits until it lets somebody in. What a killed server has left behind may refuse the first try.</summary>
    public async Task StartAsync()
    {
        var began = Stopwatch.GetTimestamp();
        do
        {
            Assert.That(Stopwatch.GetElapsedTime(began), Is.LessThan(Patience), () => string.Join('\n', lines));
            process?.Dispose();
            process = Start(
                "postgres",
                [
                    "-D", Data, "-p", port.ToString(CultureInfo.InvariantCulture), "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=" + folder,
                    "-c", "log_min_messages=warning", .. settings.SelectMany(setting => new[] { "-c", setting }),
                ]);
        }
        while (!await LetsInAsync());
    }

    /// <summary>Tells it a statement, as its administrator.</summary>
    public async Task ExecuteAsync(string sql, string database = "postgres")
    {
        await using var connection = await OpenAsync(database);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    public async Task<T> ReadAsync<T>(string sql, string database = "postgres")
    {
        await using var connection = await OpenAsync(database);
        await using var command = new NpgsqlCommand(sql, connection);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    public async Task<NpgsqlConnection> OpenAsync(string database)
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(Connection(database).ConnectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        return connection;
    }

    public ValueTask DisposeAsync()
    {
        if (process is not null)
        {
            Kill();
        }

        Directory.Delete(folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    private static string FindPrograms() => Environment.GetEnvironmentVariable("PHONEAUTH_TEST_POSTGRES_PROGRAMS")
        ?? Directory.GetDirectories("/usr/lib/postgresql").Select(version => Path.Combine(version, "bin")).LastOrDefault(bin => File.Exists(Path.Combine(bin, "initdb")))
        ?? throw new InvalidOperationException("There is no PostgreSQL server here: ./test.sh finds or installs one.");

    private static async Task<PostgresCluster> MakeTemplateAsync()
    {
        var template = new PostgresCluster();
        var passwordFile = Path.Combine(template.folder, "password");
        await File.WriteAllTextAsync(passwordFile, Password);
        await template.OwnAsync();
        await template.RunProgramAsync(
            "initdb", "--pgdata", template.Data, "--username", "phoneauth", "--auth", "scram-sha-256", "--pwfile", passwordFile, "--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync");
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(template.folder, recursive: true);
        return template;
    }

    private NpgsqlConnectionStringBuilder Connection(string database) =>
        new() { Host = "127.0.0.1", Port = port, Database = database, Username = "phoneauth", Password = Password, GssEncryptionMode = GssEncryptionMode.Disable };

    private async Task OwnAsync()
    {
        if (Owner is { } owner)
        {
            await RunAsync("chown", "-R", owner, folder);
        }
    }

    private static async Task RunAsync(string command, params string[] arguments)
    {
        using var run = Process.Start(command, arguments);
        await run.WaitForExitAsync();
        Assert.That(run.ExitCode, Is.Zero, command);
    }

    private async Task RunProgramAsync(string program, params string[] arguments)
    {
        using var run = Start(program, arguments);
        await run.WaitForExitAsync();
        Assert.That(run.ExitCode, Is.Zero, () => string.Join('\n', lines));
    }

    private Process Start(string program, IEnumerable<string> arguments)
    {
        program = Path.Combine(Programs, program);
        var start = Owner is { } owner
            ? new ProcessStartInfo("setpriv", ["--reuid", owner, "--regid", owner is "nobody" ? "nogroup" : owner, "--clear-groups", "--", program, .. arguments])
            : new ProcessStartInfo(program, arguments);
        (start.RedirectStandardOutput, start.RedirectStandardError, start.UseShellExecute, start.WorkingDirectory) = (true, true, false, folder);
        var started = Process.Start(start)!;
        started.OutputDataReceived += (_, said) => lines.Enqueue(said.Data ?? "");
        started.ErrorDataReceived += (_, said) => lines.Enqueue(said.Data ?? "");
        started.BeginOutputReadLine();
        started.BeginErrorReadLine();
        return started;
    }

    private async Task<bool> LetsInAsync()
    {
        using var timer = new PeriodicTimer(Pause);
        while (!process!.HasExited)
        {
            try
            {
                await using var connection = await OpenAsync("postgres");
                return true;
            }
            catch (NpgsqlException)
            {
                await timer.WaitForNextTickAsync();
            }
        }

        return false;
    }
}
