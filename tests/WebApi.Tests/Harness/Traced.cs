using System.Collections.Concurrent;
using System.Diagnostics;

namespace PhoneAuth.WebApi.Tests.Harness;

/// <summary>The spans of one trace, which a test begins by the header that callers send.</summary>
internal sealed class Traced : IDisposable
{
    private static readonly string[] Sources = ["PhoneAuth", "Microsoft.AspNetCore", "Npgsql"];

    private readonly ActivityTraceId id = ActivityTraceId.CreateRandom();
    private readonly ConcurrentQueue<Activity> spans = new();
    private readonly ActivityListener listener;

    public Traced()
    {
        listener = new ActivityListener
        {
            ShouldListenTo = source => Sources.Contains(source.Name, StringComparer.Ordinal),
            Sample = (ref ActivityCreationOptions<ActivityContext> options) =>
                options.TraceId == id ? ActivitySamplingResult.AllDataAndRecorded : ActivitySamplingResult.None,
            ActivityStopped = span =>
            {
                if (span.TraceId == id)
                {
                    spans.Enqueue(span);
                }
            },
        };
        ActivitySource.AddActivityListener(listener);
    }

    /// <summary>The value of <c>traceparent</c>.</summary>
    public string Parent => $"00-{id}-00f067aa0ba902b7-01";

    public IReadOnlyCollection<Activity> Spans => spans;

    /// <summary>All that the spans say, as text.</summary>
    public string Text => string.Join('\n', spans.Select(span => $"{span.DisplayName} {string.Join(' ', span.TagObjects.Select(tag => $"{tag.Key}={tag.Value}"))}"));

    public void Dispose() => listener.Dispose();
}
