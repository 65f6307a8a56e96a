namespace PhoneAuth.LoadGenerator;

/// <summary>Percentiles of one call, in milliseconds.</summary>
internal sealed record Latency(long Count, double P50, double P95, double P99)
{
    public static Latency Of(Histogram times) => new(times.Count, times.Percentile(0.5), times.Percentile(0.95), times.Percentile(0.99));
}

/// <summary>One measurement. CPU is in microseconds a flow.</summary>
/// <param name="Scenario">What was measured.</param>
/// <param name="Round">In which round, from 1.</param>
/// <param name="Clients">How many at once.</param>
/// <param name="Rate">The arrival rate, where it was constant.</param>
/// <param name="PerSecond">Flows a second.</param>
/// <param name="ServerCpu">The service's.</param>
/// <param name="DatabaseCpu">All of PostgreSQL's processes'.</param>
/// <param name="ClientCpu">The generator's or pgbench's.</param>
/// <param name="WalBytes">Write-ahead log a flow.</param>
/// <param name="ServerMegabytes">The memory that the service had to itself meanwhile: the median of many looks.</param>
/// <param name="MostServerMegabytes">The most of it.</param>
/// <param name="Calls">Percentiles by call.</param>
internal sealed record Measurement(
    string Scenario,
    int Round,
    int Clients,
    double? Rate,
    double PerSecond,
    double ServerCpu,
    double DatabaseCpu,
    double ClientCpu,
    double WalBytes,
    double ServerMegabytes,
    double MostServerMegabytes,
    IReadOnlyDictionary<string, Latency> Calls);

/// <summary>One start.</summary>
/// <param name="Of">Of what.</param>
/// <param name="Milliseconds">To its first answer.</param>
internal sealed record StartUp(string Of, double Milliseconds)
{
    public const string Hello = "L2 hello";
    public const string OnSqlite = "service on SQLite";
    public const string OnPostgreSql = "service on PostgreSQL";
}

/// <summary>A table of the database.</summary>
/// <param name="Name">Which.</param>
/// <param name="Bytes">Its rows.</param>
/// <param name="IndexBytes">Its indexes.</param>
/// <param name="Rows">Rows that live.</param>
/// <param name="Dead">Versions of rows that nobody sees any longer and that stand there still.</param>
/// <param name="Updates">Updates so far.</param>
/// <param name="HotUpdates">Those of them that touched no index.</param>
internal sealed record TableState(string Name, long Bytes, long IndexBytes, long Rows, long Dead, long Updates, long HotUpdates)
{
    public static TableState operator -(TableState after, TableState before) => new(
        after.Name, after.Bytes - before.Bytes, after.IndexBytes - before.IndexBytes, after.Rows - before.Rows, after.Dead - before.Dead, after.Updates - before.Updates, after.HotUpdates - before.HotUpdates);
}

/// <summary>What flows left in the database, and what it took to clear up behind them.</summary>
/// <param name="Scenario">What was done.</param>
/// <param name="Flows">How often.</param>
/// <param name="WalBytes">Write-ahead log of all of it, from a checkpoint on.</param>
/// <param name="Tables">How the tables changed.</param>
/// <param name="VacuumSeconds">How long VACUUM took.</param>
/// <param name="VacuumCpu">Its CPU, in seconds.</param>
/// <param name="VacuumWal">Its write-ahead log, in bytes.</param>
internal sealed record Leavings(
    string Scenario, int Flows, double WalBytes, IReadOnlyList<TableState> Tables, double VacuumSeconds, double VacuumCpu, double VacuumWal);

/// <summary>A figure that is asked for.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Value">What was measured.</param>
/// <param name="Target">What is asked for.</param>
/// <param name="AtLeast">Whether more is better.</param>
internal sealed record Ratio(string Name, double Value, double Target, bool AtLeast)
{
    public bool Holds => AtLeast ? Value >= Target : Value <= Target;
}

/// <summary>A whole run.</summary>
internal sealed record Results(
    DateTimeOffset Date, string Machine, int Seconds, int Clients, IReadOnlyList<Measurement> Measurements, IReadOnlyList<StartUp> StartUps, IReadOnlyList<Leavings> Leavings, IReadOnlyList<Ratio> Ratios);
