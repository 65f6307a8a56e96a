using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace PhoneAuth.LoadGenerator.Machines;

/// <summary>The PostgreSQL cluster of the run, through its own programs: psql and pgbench.</summary>
/// <param name="programs">Where they are.</param>
/// <param name="port">The cluster's port on this machine.</param>
/// <param name="user">Its superuser.</param>
/// <param name="password">The password.</param>
/// <param name="processId">The postmaster.</param>
internal sealed partial class Postgres(string programs, int port, string user, string password, int processId)
{
    public int ProcessId { get; } = processId;

    public string ConnectionString(string database) => $"Host=127.0.0.1;Port={port};Username={user};Password={password};Database={database}";

    /// <summary>Runs statements; rows come as lines, columns parted by a bar.</summary>
    public string Query(string database, string sql) => Run("psql", ["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", database, "-c", sql], null, out _);

    /// <summary>Runs statements that read their data from this process (COPY … FROM STDIN).</summary>
    public void Copy(string database, string sql, Action<TextWriter> write) =>
        Run("psql", ["-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", database, "-c", sql], write, out _);

    /// <summary>Bytes of write-ahead log so far.</summary>
    public double WalPosition() => double.Parse(Query("postgres", "SELECT pg_current_wal_lsn() - '0/0'::pg_lsn"), CultureInfo.InvariantCulture);

    public void Create(string database) => Query("postgres", $"CREATE DATABASE {database}");

    public void Drop(string database) => Query("postgres", $"DROP DATABASE {database}");

    /// <summary>Runs a pgbench script, prepared, and reads what it reached.</summary>
    /// <param name="database">Where.</param>
    /// <param name="script">The script's file.</param>
    /// <param name="clients">Clients at once.</param>
    /// <param name="seconds">How long.</param>
    /// <param name="rate">Scripts a second that begin whatever the database does; null is a closed loop.</param>
    /// <param name="variables">The script's variables.</param>
    /// <returns>Transactions (whole scripts) a second, pgbench's own CPU seconds in that time, and at a rate each script's time, from the moment it ought to have begun.</returns>
    public (double PerSecond, double ClientCpu, Histogram Times) Bench(string database, string script, int clients, int seconds, double? rate, params string[] variables)
    {
        var logs = Directory.CreateTempSubdirectory("pgbench");
        try
        {
            string[] atRate = rate is null ? [] : [string.Create(CultureInfo.InvariantCulture, $"--rate={rate:0.0}"), "--log", "--log-prefix=" + Path.Combine(logs.FullName, "log")];
            var text = Run(
                "pgbench",
                [
                    "--no-vacuum", "--protocol=prepared", $"--client={clients}", $"--jobs={Math.Min(2, clients)}", $"--time={seconds}", $"--file={script}", .. atRate,
                    .. variables.Select(variable => "--define=" + variable), database,
                ],
                null,
                out var cpu);
            if (!text.Contains("number of failed transactions: 0", StringComparison.Ordinal))
            {
                throw new InvalidOperationException("pgbench had failures: " + text);
            }

            // A line of its log: client, number, microseconds (lateness in it), script, two parts of the time, lateness.
            var times = new Histogram();
            foreach (var line in logs.EnumerateFiles().SelectMany(file => File.ReadLines(file.FullName)))
            {
                times.Record(1000 * long.Parse(line.Split(' ')[2], CultureInfo.InvariantCulture));
            }

            return (double.Parse(Tps().Match(text).Groups["tps"].Value, CultureInfo.InvariantCulture), cpu, times);
        }
        finally
        {
            logs.Delete(recursive: true);
        }
    }

    [GeneratedRegex(@"tps = (?<tps>[\d.]+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Tps();

    private string Run(string program, IEnumerable<string> arguments, Action<TextWriter>? write, out double cpu)
    {
        var start = new ProcessStartInfo(Path.Combine(programs, program), arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = write is not null,
        };
        start.Environment["PGHOST"] = "127.0.0.1";
        start.Environment["PGPORT"] = port.ToString(CultureInfo.InvariantCulture);
        start.Environment["PGUSER"] = user;
        start.Environment["PGPASSWORD"] = password;
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        if (write is not null)
        {
            using var input = process.StandardInput;
            write(input);
        }

        // The kernel forgets a process as it is waited for: what it used is read until then.
        cpu = 0;
        while (!process.WaitForExit(50))
        {
            cpu = Math.Max(cpu, Processes.Cpu(process.Id));
        }

        process.WaitForExit();
        return process.ExitCode == 0 ? output.Result.Trim() : throw new InvalidOperationException($"{program} failed: {errors.Result}{output.Result}");
    }
}
