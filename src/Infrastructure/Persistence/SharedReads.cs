namespace PhoneAuth.Infrastructure.Persistence;

/// <summary>
/// What many callers ask at about the same time, read for all of them at once: whoever asks while a reading is under way has a place in the next
/// one. A reading begins after each of its questions was asked, so no answer is older than if it had been read for its caller alone.
/// </summary>
/// <param name="read">Reads what belongs to some keys.</param>
/// <param name="clock">Measures how long a reading takes.</param>
internal sealed class SharedReads<TKey, TFound>(Func<IReadOnlyCollection<TKey>, Task<TFound>> read, TimeProvider clock)
{
    /// <summary>How long a reading keeps the next one waiting. One that takes longer hangs, on a connection that has been lost for example.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(50);

    private readonly Lock gate = new();
    private Group? next;
    private bool reading;

    /// <returns>What was read for a key and for those that were asked with it; if that failed, it fails for all of them.</returns>
    public Task<TFound> AskAsync(TKey key)
    {
        Group group;
        lock (gate)
        {
            group = next ?? new Group();
            group.Keys.Add(key);
            next = reading ? group : null;
            if (reading)
            {
                return group.Found.Task;
            }

            reading = true;
        }

        _ = RunAsync(group);
        return group.Found.Task;
    }

    private async Task RunAsync(Group group)
    {
        await AnswerAsync(group).WaitAsync(Patience, clock).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        lock (gate)
        {
            if (next is not null)
            {
                // Elsewhere: this may be the caller's own thread, where a database answers at once.
                ThreadPool.UnsafeQueueUserWorkItem(static run => run.Reads.Start(run.Group), (Reads: this, Group: next), preferLocal: false);
            }

            (reading, next) = (next is not null, null);
        }
    }

    /// <summary>Runs as whoever asked first: what is traced belongs to that request.</summary>
    private void Start(Group group)
    {
        if (group.Asker is { } asker)
        {
            ExecutionContext.Run(asker, _ => _ = RunAsync(group), null);
        }
        else
        {
            _ = RunAsync(group);
        }
    }

    private async Task AnswerAsync(Group group)
    {
        try
        {
            group.Found.SetResult(await read(group.Keys));
        }
        catch (Exception exception)
        {
            group.Found.SetException(exception);
        }
    }

    private sealed class Group
    {
        public List<TKey> Keys { get; } = [];

        public ExecutionContext? Asker { get; } = ExecutionContext.Capture();

        public TaskCompletionSource<TFound> Found { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
