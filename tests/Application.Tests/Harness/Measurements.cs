using System.Diagnostics.Metrics;
using System.Globalization;
using PhoneAuth.Application.Abstractions;

namespace PhoneAuth.Application.Tests.Harness;

/// <summary>What a service's meter was told, each as the instrument's name without ours in front, the value, and the tags' values in their order.</summary>
internal sealed class Measurements : IDisposable
{
    private readonly MeterListener listener = new();
    private readonly List<string> seen = [];

    public Measurements(Telemetry telemetry)
    {
        listener.InstrumentPublished = (instrument, all) =>
        {
            if (instrument.Meter == telemetry.Meter)
            {
                all.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
        listener.Start();
    }

    public IReadOnlyList<string> Seen => seen;

    public void Dispose() => listener.Dispose();

    private void Add(Instrument instrument, IFormattable value, ReadOnlySpan<KeyValuePair<string, object?>> tags) => seen.Add(string.Join(
        ' ', [instrument.Name["phoneauth.".Length..], value.ToString(null, CultureInfo.InvariantCulture), .. tags.ToArray().Select(tag => $"{tag.Value}")]));
}
