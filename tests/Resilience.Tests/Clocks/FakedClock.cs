using System.Globalization;
using PhoneAuth.Testing;

namespace PhoneAuth.Resilience.Tests.Clocks;

/// <summary>Another process's clock, turned while it runs by libfaketime. What runs by elapsed time is left alone, as it is where a clock is set.</summary>
internal sealed class FakedClock : IDisposable
{
    private static readonly string Library = Environment.GetEnvironmentVariable("PHONEAUTH_TEST_FAKETIME")
        ?? Directory.GetDirectories("/usr/lib").Select(folder => Path.Combine(folder, "faketime", "libfaketimeMT.so.1")).FirstOrDefault(File.Exists)
        ?? throw new InvalidOperationException("There is no libfaketime here: ./test.sh finds or installs it.");

    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(5);
    private readonly string file = Path.GetTempFileName();

    public FakedClock(TimeSpan offset = default) => Write(offset);

    /// <summary>What makes a process go by this clock.</summary>
    public (string Key, string Value)[] Settings =>
    [
        ("LD_PRELOAD", Library), ("FAKETIME_TIMESTAMP_FILE", file), ("FAKETIME_CACHE_DURATION", "1"), ("FAKETIME_DONT_FAKE_MONOTONIC", "1"), ("DONT_FAKE_MONOTONIC", "1"),
    ];

    /// <summary>Sets it so far off the true time, and waits until a service that goes by it dates its answers so.</summary>
    public async Task SetAsync(TimeSpan offset, HttpClient client)
    {
        Write(offset);
        await ServiceProcess.UntilAsync(
            async () =>
            {
                using var answer = await client.GetAsync("/health/live");
                return (answer.Headers.Date - DateTimeOffset.UtcNow - offset)?.Duration() < Tolerance;
            },
            "The clock does not turn.");
    }

    public void Dispose() => File.Delete(file);

    private void Write(TimeSpan offset)
    {
        // Whole, or the process could read half a line.
        var next = file + ".next";
        File.WriteAllText(next, string.Create(CultureInfo.InvariantCulture, $"{offset.TotalSeconds:+0;-0}\n"));
        File.Move(next, file, overwrite: true);
    }
}
