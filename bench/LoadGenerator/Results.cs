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
/// <param name="ServerMegabytes">The service's memory at the end.</param>
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
    DateTimeOffset Date, string Machine, int Seconds, int Clients, IReadOnlyList<Measurement> Measurements, IReadOnlyList<StartUp> StartUps, IReadOnlyList<Ratio> Ratios);
