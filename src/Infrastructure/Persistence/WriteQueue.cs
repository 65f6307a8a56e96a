namespace PhoneAuth.Infrastructure.Persistence;

/// <summary>
/// SQLite has one writer. Writers of this process stand in line here, in order and without a thread each, rather than poll the file for
/// its lock; those of other processes meet at the file. One thread walks down a line and does what each turn's owner does in it: to wake
/// another thread for every turn would leave the file idle for a third of the time. PostgreSQL needs no line.
/// </summary>
internal sealed class WriteQueue(bool oneWriter) : IThreadPoolWorkItem
{
    /// <summary>How many may wait with something in hand, a connection and its files for example.</summary>
    public const int Long = 64;

    private readonly Lock gate = new();
    private readonly Queue<Turn> line = new();
    private bool taken;

    public bool OneWriter => oneWriter;

    /// <summary>Whether so many wait that whoever comes had better hold nothing meanwhile.</summary>
    public bool IsLong
    {
        get
        {
            lock (gate)
            {
                return line.Count >= Long;
            }
        }
    }

    /// <summary>Waits for the turn to write.</summary>
    /// <returns>What ends the turn; null where nobody has to wait for one.</returns>
    public Task<IDisposable?> EnterAsync(CancellationToken cancellationToken)
    {
        if (!oneWriter)
        {
            return Task.FromResult<IDisposable?>(null);
        }

        var turn = new Turn(this);
        lock (gate)
        {
            if (taken)
            {
                line.Enqueue(turn);
            }
            else
            {
                taken = true;
                return Task.FromResult<IDisposable?>(turn);
            }
        }

        return turn.WaitAsync(cancellationToken);
    }

    private void Leave()
    {
        lock (gate)
        {
            taken = line.Count > 0;
            if (taken)
            {
                ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
            }
        }
    }

    /// <summary>Walks down the line until it is empty, or an owner goes on elsewhere: who ends that turn has the walk go on.</summary>
    void IThreadPoolWorkItem.Execute()
    {
        while (Next() is { } turn && turn.TryRun())
        {
        }
    }

    private Turn? Next()
    {
        lock (gate)
        {
            taken = line.TryDequeue(out var turn);
            return turn;
        }
    }

    private sealed class Turn(WriteQueue queue) : IDisposable
    {
        // Continued where it is completed: the owner's work is done by the thread that walks down the line.
        private readonly TaskCompletionSource<IDisposable?> begun = new();
        private int state = (int)State.Alone;

        private enum State
        {
            /// <summary>Nobody walks: the owner goes on by itself.</summary>
            Alone,

            /// <summary>The owner is run by the thread that walks down the line.</summary>
            Run,

            Ended,
        }

        public async Task<IDisposable?> WaitAsync(CancellationToken cancellationToken)
        {
            using var registration = cancellationToken.UnsafeRegister(
                static (source, token) => ((TaskCompletionSource<IDisposable?>)source!).TrySetCanceled(token), begun);
            return await begun.Task;
        }

        /// <summary>Runs the owner until it ends its turn, or waits for something else.</summary>
        /// <returns>Whether the turn has ended.</returns>
        public bool TryRun()
        {
            state = (int)State.Run;
            return !begun.TrySetResult(this) || Interlocked.CompareExchange(ref state, (int)State.Alone, (int)State.Run) == (int)State.Ended;
        }

        public void Dispose()
        {
            if (Interlocked.Exchange(ref state, (int)State.Ended) == (int)State.Alone)
            {
                queue.Leave();
            }
        }
    }
}
