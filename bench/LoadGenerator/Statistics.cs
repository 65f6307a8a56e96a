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
            $"{measurement.Round} {measurement.Scenario,-28} {measurement.Clients,4} clients {measurement.PerSecond,9:0.0}/s{(measurement.Rate is { } rate ? $" at {rate:0.0}/s" : "")}   CPU µs server {measurement.ServerCpu,6:0} database {measurement.DatabaseCpu,6:0} client {measurement.ClientCpu,5:0}   WAL {measurement.WalBytes,6:0} B   {measurement.ServerMegabytes:0} MB");
        return head + string.Concat(measurement.Calls.Select(call =>
            string.Create(CultureInfo.InvariantCulture, $"\n      {call.Key,-14} p50 {call.Value.P50,8:0.000} p95 {call.Value.P95,8:0.000} p99 {call.Value.P99,8:0.000} ms")));
    }
}
