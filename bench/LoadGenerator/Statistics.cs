using System.Globalization;

namespace PhoneAuth.LoadGenerator;

internal static class Statistics
{
    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length == 0 ? double.NaN : (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    public static string Line(Measurement measurement)
    {
        var head = string.Create(
            CultureInfo.InvariantCulture,
            $"{measurement.Round} {measurement.Scenario,-28} {measurement.Clients,4} clients {measurement.PerSecond,9:0.0}/s{(measurement.Rate is { } rate ? $" at {rate:0.0}/s" : "")}   CPU µs server {measurement.ServerCpu,6:0} database {measurement.DatabaseCpu,6:0} client {measurement.ClientCpu,5:0}   WAL {measurement.WalBytes,6:0} B   {measurement.ServerMegabytes:0} MB, at most {measurement.MostServerMegabytes:0}");
        return head + string.Concat(measurement.Calls.Select(call =>
            string.Create(CultureInfo.InvariantCulture, $"\n      {call.Key,-14} p50 {call.Value.P50,8:0.000} p95 {call.Value.P95,8:0.000} p99 {call.Value.P99,8:0.000} ms")));
    }

    public static string Line(Leavings leavings) => string.Create(
        CultureInfo.InvariantCulture,
        $"  {leavings.Flows} of {leavings.Scenario} leave {leavings.WalBytes / leavings.Flows:0} B of WAL each; VACUUM {leavings.VacuumSeconds:0.0} s, CPU {leavings.VacuumCpu:0.00} s, WAL {leavings.VacuumWal / leavings.Flows:0} B each")
        + string.Concat(leavings.Tables.Select(table => string.Create(
            CultureInfo.InvariantCulture,
            $"\n      {table.Name,-20} {table.Bytes,10} B {table.IndexBytes,10} B of indexes {table.Rows,8} rows {table.Dead,8} dead {table.Updates,8} updates {table.HotUpdates,8} of them HOT")));
}
