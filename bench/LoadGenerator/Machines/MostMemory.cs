namespace PhoneAuth.LoadGenerator.Machines;

/// <summary>
/// The most memory that a process has to itself while somebody looks. One look alone finds it as it is just before a collection or just after one,
/// which are a fifth apart.
/// </summary>
internal sealed class MostMemory : IDisposable
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(250);

    private readonly Lock gate = new();
    private readonly int processId;
    private readonly Timer timer;
    private double megabytes;

    public MostMemory(int processId)
    {
        this.processId = processId;
        timer = new Timer(_ => Look(), null, BetweenLooks, BetweenLooks);
    }

    public double Megabytes
    {
        get
        {
            Look();
            lock (gate)
            {
                return megabytes;
            }
        }
    }

    /// <summary>What was seen so far does not count.</summary>
    public void Begin()
    {
        lock (gate)
        {
            megabytes = 0;
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
            megabytes = Math.Max(megabytes, now);
        }
    }
}
