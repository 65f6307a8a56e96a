using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;

namespace PhoneAuth.WebApi.Tests.Harness;

/// <summary>One measurement.</summary>
internal sealed record Measurement(string Instrument, double Value, IReadOnlyDictionary<string, string?> Tags)
{
    public string? this[string tag] => Tags.GetValueOrDefault(tag);
}

/// <summary>What one service's own meters measure while this lives; other services of the run have meters of their own.</summary>
internal sealed class Measured : IDisposable
{
    private readonly MeterListener listener = new();
    private readonly ConcurrentQueue<Measurement> measurements = new();

    public Measured(Api api)
    {
        var own = api.Services.GetRequiredService<IMeterFactory>();
        listener.InstrumentPublished = (instrument, listening) =>
        {
            if (ReferenceEquals(instrument.Meter.Scope, own))
            {
                Instruments.Add(instrument);
                listening.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Keep(instrument, value, tags));
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Keep(instrument, value, tags));
        listener.Start();
    }

    public ConcurrentBag<Instrument> Instruments { get; } = [];

    public IReadOnlyCollection<Measurement> All => measurements;

    public IEnumerable<Measurement> Of(string instrument) => measurements.Where(one => string.Equals(one.Instrument, instrument, StringComparison.Ordinal));

    /// <summary>Asks the instruments that are read.</summary>
    public void Look() => listener.RecordObservableInstruments();

    public void Dispose() => listener.Dispose();

    private void Keep(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var kept = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach (var (name, word) in tags)
        {
            kept[name] = word?.ToString();
        }

        measurements.Enqueue(new Measurement(instrument.Name, value, kept));
    }
}
