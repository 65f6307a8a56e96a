using System.Diagnostics;
using Microsoft.Data.Sqlite;

namespace PhoneAuth.LoadGenerator.Machines;

/// <summary>A service's SQLite file, and the most that its statements reach on it: a bare loop without a service around it.</summary>
internal sealed class SqliteFile(string path) : IDisposable
{
    // The statements of sql/sign-in.sql, each with a commit of its own where that has one.
    private const string Record = """
        INSERT INTO verification_codes (phone_number, code_hash, issued_at, expires_at, guesses, sends, failures, consecutive_failures, locks, updated_at, tries)
        VALUES ($number, $hash, $now, $end, 0, $hash, x'', 0, 0, $now, 0)
        ON CONFLICT (phone_number) DO UPDATE SET code_hash = excluded.code_hash, issued_at = excluded.issued_at, expires_at = excluded.expires_at, guesses = 0
        """;

    private const string Consume = "UPDATE verification_codes SET code_hash = NULL, failures = x'', consecutive_failures = 0 WHERE phone_number = $number AND code_hash = $hash";

    private const string Register = """
        INSERT INTO users (id, phone_number, created_at, invite_code, activation_spent, invited_users_count, invite_misses)
        VALUES ($id, $number, $now, $invite, 0, 0, x'') ON CONFLICT DO NOTHING
        """;

    private const string Open = """
        INSERT INTO sessions (id, user_id, user_agent, ip_address, created_at, last_used_at, expires_at, token_hash)
        SELECT $session, id, 'PhoneAuth-bench', '10.0.0.1', $now, $now, $end, $hash FROM users WHERE phone_number = $number
        """;

    private const string Read = "SELECT phone_number, created_at, invite_code, activated_invite_code, activation_spent, invited_users_count FROM users WHERE phone_number = $number";

    public string ConnectionString => "Data Source=" + path;

    /// <summary>Runs the statements of one sign-in after the other, as durably as the service does.</summary>
    /// <param name="time">How long.</param>
    /// <returns>Sign-ins a second.</returns>
    public double Loop(TimeSpan time)
    {
        using var connection = new SqliteConnection(ConnectionString + ";Pooling=False;Foreign Keys=True");
        connection.Open();
        Run(connection, "PRAGMA synchronous = FULL");
        using var record = Prepare(connection, Record);
        using var consume = Prepare(connection, Consume);
        using var register = Prepare(connection, Register);
        using var open = Prepare(connection, Open);
        using var read = Prepare(connection, Read);
        var (begin, count) = (Stopwatch.GetTimestamp(), 0L);
        for (; Stopwatch.GetElapsedTime(begin) < time; count++)
        {
            var values = new Values();
            using (var recording = connection.BeginTransaction(deferred: false))
            {
                Run(record, recording, values);
                recording.Commit();
            }

            using (var signIn = connection.BeginTransaction(deferred: false))
            {
                Run(consume, signIn, values);
                Run(register, signIn, values);
                Run(open, signIn, values);
                signIn.Commit();
            }

            Run(read, null, values);
        }

        return count / Stopwatch.GetElapsedTime(begin).TotalSeconds;
    }

    public void Dispose()
    {
        foreach (var file in Directory.GetFiles(Path.GetDirectoryName(path)!, Path.GetFileName(path) + "*"))
        {
            File.Delete(file);
        }
    }

    private static SqliteCommand Prepare(SqliteConnection connection, string text)
    {
        var command = new SqliteCommand(text, connection);
        foreach (var (name, value) in new Values().All)
        {
            if (text.Contains(name, StringComparison.Ordinal))
            {
                command.Parameters.AddWithValue(name, value);
            }
        }

        command.Prepare();
        return command;
    }

    private static void Run(SqliteConnection connection, string text)
    {
        using var command = new SqliteCommand(text, connection);
        command.ExecuteNonQuery();
    }

    private static void Run(SqliteCommand command, SqliteTransaction? transaction, Values values)
    {
        command.Transaction = transaction;
        foreach (var (name, value) in values.All)
        {
            if (command.Parameters.Contains(name))
            {
                command.Parameters[name].Value = value;
            }
        }

        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            // As a service would.
        }
    }

    /// <summary>What a sign-in of a number that is nobody's yet writes.</summary>
    private sealed class Values
    {
        private static readonly long Now = DateTime.UtcNow.Ticks;
        private static long numbers = 10_000_000;

        public Values()
        {
            var number = Interlocked.Increment(ref numbers);
            var text = number.ToString("00000000", System.Globalization.CultureInfo.InvariantCulture);
            All =
            [
                ("$number", "+796" + text), ("$hash", Guid.NewGuid().ToByteArray()), ("$now", Now), ("$end", Now + TimeSpan.TicksPerDay), ("$invite", text[2..]),
                ("$id", Guid.NewGuid().ToString()), ("$session", Guid.NewGuid().ToString()),
            ];
        }

        public (string Name, object Value)[] All { get; }
    }
}
