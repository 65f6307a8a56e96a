using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Text.Json;
using System.Text.RegularExpressions;
using PhoneAuth.Application.Abstractions;
using PhoneAuth.Testing;
using PhoneAuth.WebApi.Tests.Harness;

namespace PhoneAuth.WebApi.Tests.Seen;

/// <summary>What the dashboard and the alerts ask for is what the service exports, in Prometheus' words.</summary>
[Parallelizable(ParallelScope.Self)]
internal sealed partial class DashboardTests
{
    private static readonly string Folder = Path.Combine(Repository.Root, "docker", "observability");

    private static readonly string[] Meters = ["PhoneAuth", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime", "Npgsql"];

    [Test]
    public async Task Every_metric_in_the_dashboard_and_in_the_alerts_is_one_that_the_service_exports()
    {
        var exported = await ExportedAsync();
        var asked = Expressions().SelectMany(expression => Series().Matches(expression).Select(match => match.Value)).ToHashSet(StringComparer.Ordinal);
        Assert.That(asked, Has.Count.GreaterThan(15));
        Assert.That(asked.Except(exported, StringComparer.Ordinal), Is.Empty);
    }

    [Test]
    public void Every_label_of_ours_that_they_ask_for_is_a_tag_of_that_metric()
    {
        var tags = TagsByMetric();
        foreach (var expression in Expressions())
        {
            var metrics = Series().Matches(expression).Select(match => match.Value).Where(name => name.StartsWith("phoneauth_", StringComparison.Ordinal)).ToList();
            var labels = Labels().Matches(expression).Select(match => match.Value).Where(name => !metrics.Contains(name, StringComparer.Ordinal));
            foreach (var label in labels)
            {
                Assert.That(metrics.Where(metric => !tags[Plain(metric)].Contains(label)), Is.Empty, $"{label} in {expression}");
            }
        }
    }

    private static async Task<HashSet<string>> ExportedAsync()
    {
        var instruments = new ConcurrentBag<Instrument>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, _) =>
        {
            if (Meters.Contains(instrument.Meter.Name, StringComparer.Ordinal))
            {
                instruments.Add(instrument);
            }
        };
        listener.Start();
        await using var kestrel = await Collector.StartAsync();
        await using var api = await Api.StartAsync(DatabaseKind.PostgreSql);
        await api.SignInAsync();
        return [.. instruments.SelectMany(NamesOf)];
    }

    /// <summary>How the collector writes an instrument: dots become underscores, the unit is a suffix, a counter ends in total.</summary>
    private static IEnumerable<string> NamesOf(Instrument instrument)
    {
        var unit = instrument.Unit switch { "s" => "_seconds", "By" => "_bytes", _ => "" };
        var name = instrument.Name.Replace('.', '_') + unit;
        var kind = instrument.GetType().Name;
        return kind.StartsWith("Histogram", StringComparison.Ordinal) ? [name + "_bucket", name + "_count", name + "_sum"]
            : kind.StartsWith("Counter", StringComparison.Ordinal) || kind.StartsWith("ObservableCounter", StringComparison.Ordinal) ? [name + "_total"]
            : [name];
    }

    private static Dictionary<string, HashSet<string>> TagsByMetric()
    {
        var tags = new Dictionary<string, HashSet<string>>(StringComparer.Ordinal);
        using var factory = new Factory();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, listening) =>
        {
            if (ReferenceEquals(instrument.Meter, factory.Made))
            {
                tags[Plain(NamesOf(instrument).First())] = new HashSet<string>(StringComparer.Ordinal);
                listening.EnableMeasurementEvents(instrument);
            }
        };
        void Keep(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> given)
        {
            foreach (var tag in given)
            {
                tags[Plain(NamesOf(instrument).First())].Add(tag.Key.Replace('.', '_'));
            }
        }

        listener.SetMeasurementEventCallback<long>((instrument, _, given, _) => Keep(instrument, given));
        listener.SetMeasurementEventCallback<double>((instrument, _, given, _) => Keep(instrument, given));
        var telemetry = new Telemetry(factory);
        telemetry.ObserveQueue(() => (1, null), TimeProvider.System);
        listener.Start();
        telemetry.CodeSent("a", "7");
        telemetry.CodeReported("a", "7", delivered: true);
        telemetry.CodeFailed("a", "7");
        telemetry.CodeVerified("a", "7", TimeSpan.FromSeconds(1));
        telemetry.GatewayAnswered("a", "7", "accepted", TimeSpan.FromSeconds(1));
        telemetry.NumberLocked("7", forGood: false);
        telemetry.Refused("code_invalid");
        telemetry.BrakeDecided("7", "allowed", "room");
        telemetry.SessionReused();
        return tags;
    }

    private static string Plain(string series) => Suffix().Replace(series, "");

    private static List<string> Expressions()
    {
        using var dashboard = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, "grafana", "dashboards", "phoneauth.json")));
        var panels = dashboard.RootElement.GetProperty("panels").EnumerateArray()
            .Where(panel => panel.TryGetProperty("targets", out _))
            .SelectMany(panel => panel.GetProperty("targets").EnumerateArray().Select(target => target.Text("expr")))
            .ToList();

        // Of the YAML only the expressions matter here: from "expr:" to the next key.
        var alerts = Rule().Matches(File.ReadAllText(Path.Combine(Folder, "alerts.yaml"))).Select(match => match.Groups["expr"].Value).ToList();
        Assert.That(alerts, Has.Count.GreaterThan(8));
        return [.. panels, .. alerts];
    }

    /// <summary>The name before the braces.</summary>
    [GeneratedRegex(@"[a-z][a-z0-9_]+(?=\{)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Series();

    [GeneratedRegex("phoneauth_[a-z_]+", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Labels();

    [GeneratedRegex("_(total|bucket|count|sum)$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Suffix();

    [GeneratedRegex(@"expr:(?<expr>.*?)\n        (for|labels):", RegexOptions.Singleline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Rule();

    private sealed class Factory : IMeterFactory
    {
        public Meter? Made { get; private set; }

        public Meter Create(MeterOptions options) => Made = new Meter(options);

        public void Dispose() => Made?.Dispose();
    }
}
