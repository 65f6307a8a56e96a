using System.Globalization;
using System.Text;
using System.Text.Json;

namespace PhoneAuth.LoadGenerator;

/// <summary>What a run came to: its figures as JSON, a picture, and a page made of both.</summary>
internal static class Report
{
    private const double Width = 640;
    private const double Height = 320;
    private const double Margin = 48;
    private static readonly JsonSerializerOptions Readable = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static void Write(string root, Options options, IReadOnlyList<Measurement> measurements, IReadOnlyList<StartUp> startUps, IReadOnlyList<Leavings> leavings)
    {
        var machine = $"{Environment.ProcessorCount} cores, {Environment.OSVersion.VersionString}, .NET {Environment.Version}";
        var results = new Results(DateTimeOffset.UtcNow, machine, options.Seconds, options.Clients, measurements, startUps, leavings, RatiosOf(measurements, startUps));
        var name = results.Date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var folder = Directory.CreateDirectory(Path.Combine(root, "bench", "results")).FullName;
        File.WriteAllText(Path.Combine(folder, name + ".json"), JsonSerializer.Serialize(results, Readable) + "\n");
        File.WriteAllText(Path.Combine(folder, name + ".svg"), Picture(measurements));
        File.WriteAllText(Path.Combine(root, "docs", "performance.md"), Page(results, name));
    }

    private static List<Ratio> RatiosOf(IReadOnlyList<Measurement> all, IReadOnlyList<StartUp> startUps)
    {
        double Median(string scenario, Func<Measurement, double> value) =>
            Statistics.Median(all.Where(found => found.Round > 0 && string.Equals(found.Scenario, scenario, StringComparison.Ordinal)).Select(value));
        double PerSecond(string scenario) => Median(scenario, found => found.PerSecond);
        double Cpu(string scenario) => Median(scenario, found => found.ServerCpu + found.DatabaseCpu);

        double Start(string of) => Statistics.Median(startUps.Where(start => string.Equals(start.Of, of, StringComparison.Ordinal)).Select(start => start.Milliseconds));
        var floor = 1 / ((1 / PerSecond(Bench.LimitOfHttp)) + (1 / PerSecond(Bench.LimitOfRead)));
        var ratios = new List<Ratio>
        {
            new("sign-ins a second, of L1", PerSecond(Bench.SignIn) / PerSecond(Bench.LimitOfSignIn), 0.45, AtLeast: true),
            new("server and database CPU of a sign-in, of L1's", Cpu(Bench.SignIn) / Median(Bench.LimitOfSignIn, found => found.DatabaseCpu + found.ClientCpu), 2.2, AtLeast: false),
            new("repeat sign-ins, of fresh ones", PerSecond(Bench.Repeat) / PerSecond(Bench.SignIn), 1, AtLeast: true),
            new("refreshes a second, of an update by key", PerSecond(Bench.Refresh) / PerSecond(Bench.LimitOfUpdate), 0.5, AtLeast: true),
            new("profile reads a second, of the floor of L2 and L3", PerSecond(Bench.Profile) / floor, 0.45, AtLeast: true),
            new("CPU of a wrong guess, of a right one's", Cpu(Bench.Wrong) / Cpu(Bench.Right), 1, AtLeast: false),
            new("sign-ins a second on SQLite, of a bare loop's", PerSecond(Bench.OnSqlite) / PerSecond(Bench.LimitOfSqlite), 0.5, AtLeast: true),
            new("start to first answer on SQLite, of L2's", Start(StartUp.OnSqlite) / Start(StartUp.Hello), 2.2, AtLeast: false),
            new("start to first answer on PostgreSQL, of L2's", Start(StartUp.OnPostgreSql) / Start(StartUp.Hello), 2.7, AtLeast: false),
            new("megabytes of the service under sign-ins, its files left out", Median(Bench.SignIn, found => found.ServerMegabytes), 200, AtLeast: false),
        };
        ratios.AddRange(GrowthOf(all));
        foreach (var atRate in all.Where(found => found.Rate is not null && !IsLimit(found)))
        {
            ratios.AddRange(atRate.Calls.Where(call => !string.Equals(call.Key, Bench.WholeFlow, StringComparison.Ordinal)).Select(call =>
                new Ratio($"p99 of p50 at half rate: {call.Key} in {atRate.Scenario}", call.Value.P99 / call.Value.P50, 5, AtLeast: false)));
        }

        return ratios.Where(ratio => double.IsFinite(ratio.Value)).ToList();
    }

    /// <summary>p50 of each call with the most users, of its p50 with the fewest; and the service's memory.</summary>
    private static IEnumerable<Ratio> GrowthOf(IReadOnlyList<Measurement> all)
    {
        foreach (var sizes in all.Where(found => found.Scenario.Contains(Bench.Among, StringComparison.Ordinal)).GroupBy(found => found.Scenario.Split(Bench.Among)[0], StringComparer.Ordinal))
        {
            var (fewest, most) = (sizes.First(), sizes.Last());
            foreach (var (call, latency) in most.Calls)
            {
                yield return new Ratio($"p50 of {call} in {sizes.Key}, {most.Scenario.Split(Bench.Among)[1]} of {fewest.Scenario.Split(Bench.Among)[1]}", latency.P50 / fewest.Calls[call].P50, 1.2, AtLeast: false);
            }

            yield return new Ratio($"memory in {sizes.Key}, {most.Scenario.Split(Bench.Among)[1]} of {fewest.Scenario.Split(Bench.Among)[1]}", most.ServerMegabytes / fewest.ServerMegabytes, 1.1, AtLeast: false);
        }
    }

    private static string Page(Results results, string name)
    {
        var page = new StringBuilder("# Performance\n\nWritten by `./bench/run.sh`; what it measures and how stands there and in `bench/`. Figures of one run on one machine: read the ratios.\n\n");
        page.Append(CultureInfo.InvariantCulture, $"{name}: {results.Machine}; service, PostgreSQL (fsync and synchronous_commit on) and load generator together on it; {results.Clients} clients, {results.Seconds} s a measurement, medians.\n\n");
        page.Append("| ratio | measured | asked for | holds |\n|---|---|---|---|\n");
        foreach (var ratio in results.Ratios)
        {
            page.Append(CultureInfo.InvariantCulture, $"| {ratio.Name} | {ratio.Value:0.00} | {(ratio.AtLeast ? "≥" : "≤")} {ratio.Target} | {(ratio.Holds ? "yes" : "no")} |\n");
        }

        if (string.Join(", ", results.Measurements.Where(found => found.Rate is not null && IsLimit(found) && found.Calls.Count > 0).Select(OwnTail)) is { Length: > 0 } tails)
        {
            page.Append(CultureInfo.InvariantCulture, $"\nFor scale, p99 of p50 of the limits by themselves at half their rates: {tails}.\n");
        }

        page.Append("\nFlows a second, CPU in microseconds a flow, write-ahead log in bytes a flow, latencies of a whole flow in milliseconds, megabytes that the service had to itself and the most of them.\n\n");
        page.Append("| scenario | clients | /s | server | database | client | WAL | p50 | p95 | p99 | MB | most |\n|---|---|---|---|---|---|---|---|---|---|---|---|\n");
        foreach (var group in results.Measurements.GroupBy(found => (found.Scenario, found.Clients, Constant: found.Rate is not null)))
        {
            string Median(Func<Measurement, double> value, string format) =>
                Statistics.Median(group.Select(value)) is var median && double.IsFinite(median) ? median.ToString(format, CultureInfo.InvariantCulture) : "–";
            double Flow(Measurement found, Func<Latency, double> value) => found.Calls.TryGetValue(Bench.WholeFlow, out var flow) ? value(flow) : double.NaN;
            page.Append(CultureInfo.InvariantCulture, $"| {group.Key.Scenario}{(group.Key.Constant ? " at half its rate" : "")} | {group.Key.Clients} | {Median(found => found.PerSecond, "0")} | {Median(found => found.ServerCpu, "0")} | {Median(found => found.DatabaseCpu, "0")} | {Median(found => found.ClientCpu, "0")} | {Median(found => found.WalBytes, "0")} | {Median(found => Flow(found, flow => flow.P50), "0.00")} | {Median(found => Flow(found, flow => flow.P95), "0.00")} | {Median(found => Flow(found, flow => flow.P99), "0.00")} | {Median(found => found.ServerMegabytes, "0")} | {Median(found => found.MostServerMegabytes, "0")} |\n");
        }

        AddLeavings(page, results.Leavings);
        return page.Append(CultureInfo.InvariantCulture, $"\n![Throughput and latency by concurrency](../bench/results/{name}.svg)\n").ToString();
    }

    private static bool IsLimit(Measurement found) =>
        found.Scenario is Bench.LimitOfSignIn or Bench.LimitOfHttp or Bench.LimitOfRead or Bench.LimitOfUpdate;

    private static string OwnTail(Measurement atRate) =>
        string.Create(CultureInfo.InvariantCulture, $"{atRate.Scenario} {atRate.Calls[Bench.WholeFlow].P99 / atRate.Calls[Bench.WholeFlow].P50:0.0}");

    private static void AddLeavings(StringBuilder page, IReadOnlyList<Leavings> all)
    {
        foreach (var left in all)
        {
            page.Append(CultureInfo.InvariantCulture, $"\nWhat a {left.Scenario} leaves where there are most users, of {left.Flows} from a checkpoint on: {left.WalBytes / left.Flows:0} bytes of write-ahead log, and in the tables, each divided by their number:\n\n");
            page.Append("| table | bytes | bytes of indexes | rows | dead versions | updates | of these without an index |\n|---|---|---|---|---|---|---|\n");
            foreach (var table in left.Tables)
            {
                string Each(long total) => ((double)total / left.Flows).ToString("0.##", CultureInfo.InvariantCulture);
                page.Append(CultureInfo.InvariantCulture, $"| {table.Name} | {Each(table.Bytes)} | {Each(table.IndexBytes)} | {Each(table.Rows)} | {Each(table.Dead)} | {Each(table.Updates)} | {Each(table.HotUpdates)} |\n");
            }

            page.Append(CultureInfo.InvariantCulture, $"\nVACUUM of these tables took {left.VacuumSeconds:0.0} s, {left.VacuumCpu:0.0} s of CPU and {left.VacuumWal / 1e6:0} MB of write-ahead log.\n");
        }
    }

    /// <summary>Throughput and p50, p99 of sign-ins and profile reads from 1 client to 128; each line is scaled to its own greatest value.</summary>
    private static string Picture(IReadOnlyList<Measurement> all)
    {
        var svg = new StringBuilder(string.Create(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {Height + 120}\" font-family=\"sans-serif\" font-size=\"11\">\n<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n"));
        var y = Height + 16;
        foreach (var (scenario, color) in new[] { (Bench.SignIn, "#1463b0"), (Bench.Profile, "#b05614") })
        {
            var points = all.Where(found => string.Equals(found.Scenario, scenario + Bench.ByConcurrency, StringComparison.Ordinal)).ToList();
            foreach (var (label, dash, value) in new (string, string, Func<Measurement, double>)[]
                { ("flows/s", "none", found => found.PerSecond), ("p50 ms", "6 3", found => found.Calls[Bench.WholeFlow].P50), ("p99 ms", "2 3", found => found.Calls[Bench.WholeFlow].P99) })
            {
                var most = points.Select(value).DefaultIfEmpty(1).Max();
                var line = string.Join(' ', points.Select(found => string.Create(
                    CultureInfo.InvariantCulture, $"{Margin + (Math.Log2(found.Clients) / 7 * (Width - (2 * Margin))):0.0},{Height - Margin - (value(found) / most * (Height - (2 * Margin))):0.0}")));
                svg.Append(CultureInfo.InvariantCulture, $"<polyline points=\"{line}\" fill=\"none\" stroke=\"{color}\" stroke-dasharray=\"{dash}\"/>\n<text x=\"{Margin}\" y=\"{y}\" fill=\"{color}\">{scenario}: {label} ({dash}), at most {most:0.##}</text>\n");
                y += 16;
            }
        }

        for (var power = 0; power <= 7; power++)
        {
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{Margin + (power / 7.0 * (Width - (2 * Margin))):0}\" y=\"{Height - Margin + 16}\" text-anchor=\"middle\">{1 << power}</text>\n");
        }

        return svg.Append("</svg>\n").ToString();
    }
}
