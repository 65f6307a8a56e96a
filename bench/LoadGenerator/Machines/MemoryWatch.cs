namespace PhoneAuth.LoadGenerator.Machines;

/// <summary>
/// Looks four times a second how much memory a process has to itself. One look alone finds it as it is just before a collection or just after one,
/// which are a fifth apart.
/// </summary>
internal sealed class MemoryWatch : IDisposable
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(250);

    private readonly Lock gate = new();
    private readonly List<double> looks = [];
    private readonly int processId;
    private readonly Timer timer;

    public MemoryWatch(int processId)
    {
        this.processId = processId;
        timer = new Timer(_ => Look(), null, BetweenLooks, BetweenLooks);
    }

    /// <summary>What was seen so far does not count.</summary>
    public void Begin()
    {
        lock (gate)
        {
            looks.Clear();
        }
    }

    /// <returns>The median of what was seen, and the most, in megabytes.</returns>
    public (double Median, double Most) End()
    {
        Look();
        lock (gate)
        {
            return (Statistics.Median(looks), looks.Max());
        }
    }

    /// <summary>Comes back when nobody looks any more: the process may end then.</summary>
    public void Dispose()
    {
        using var ended = new ManualResetEvent(false);
        if (timer.Dispose(ended))
        {
            ended.WaitOne();
        }
    }

    private void Look()
    {
        var now = Processes.OwnMegabytes(processId);
        lock (gate)
        {
            looks.Add(now);
        }
    }
}
