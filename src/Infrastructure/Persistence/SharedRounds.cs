namespace PhoneAuth.Infrastructure.Persistence;

/// <summary>
/// What many callers want of the database at about the same time, done for all of them at once: whoever comes while a round is under way has a place
/// in the next one. A round begins after each of its callers came, so what it reads is no older than if it had been read for one of them alone.
/// </summary>
/// <param name="run">One round, for those who have a place in it. It may say that it only ends, so that the next one need not wait for it.</param>
/// <param name="clock">Measures how long a round takes.</param>
/// <param name="places">How many have a place in one round.</param>
internal sealed class SharedRounds<TAsked, TFound>(Func<IReadOnlyList<TAsked>, Action, Task<TFound>> run, TimeProvider clock, int places = int.MaxValue)
{
    /// <summary>
    /// How many must wait, and no fewer than are in rounds that end, for the next round to begin beside those: by fewer, rounds would be halved again and
    /// again, and cost more than the waiting that they spare.
    /// </summary>
    public const int Enough = 12;

    /// <summary>How long a round keeps the next one waiting. One that takes longer hangs, on a connection that has been lost for example.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(50);

    private readonly Lock gate = new();
    private readonly Queue<Round> waiting = new();
    private Round? last;
    private bool running;
    private int ending;

    private enum Stage
    {
        Running,
        Ending,
        Ended,
    }

    /// <returns>What the round came to that this was asked in; if it failed, it fails for all who asked in it.</returns>
    public Task<TFound> AskAsync(TAsked asked)
    {
        Round round;
        Round? next;
        lock (gate)
        {
            if (last is null)
            {
                waiting.Enqueue(last = new Round());
            }

            round = last;
            round.Asked.Add(asked);
            last = round.Asked.Count < places ? round : null;
            next = TakeNext();
        }

        if (next is not null)
        {
            Start(next);
        }

        return round.Found.Task;
    }

    private async Task RunAsync(Round round)
    {
        await AnswerAsync(round).WaitAsync(Patience, clock).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Move(round, Stage.Ended);
    }

    private void Move(Round round, Stage stage)
    {
        Round? next;
        lock (gate)
        {
            if (round.Stage >= stage)
            {
                return;
            }

            if (round.Stage is Stage.Running)
            {
                running = false;
            }
            else
            {
                ending -= round.Asked.Count;
            }

            ending += stage is Stage.Ending ? round.Asked.Count : 0;
            round.Stage = stage;
            next = TakeNext();
        }

        if (next is not null)
        {
            // Elsewhere: this may be the caller's own thread, where a database answers at once, and one that ends goes on first.
            ThreadPool.UnsafeQueueUserWorkItem(static start => start.Rounds.Start(start.Round), (Rounds: this, Round: next), preferLocal: false);
        }
    }

    /// <returns>The round that is to begin now, or null.</returns>
    private Round? TakeNext()
    {
        if (running || !waiting.TryPeek(out var next) || (ending > 0 && next.Asked.Count < Math.Min(Math.Max(ending, Enough), places)))
        {
            return null;
        }

        running = true;
        last = last == next ? null : last;
        return waiting.Dequeue();
    }

    /// <summary>Runs as whoever asked first: what is traced belongs to that request.</summary>
    private void Start(Round round)
    {
        if (round.Asker is { } asker)
        {
            ExecutionContext.Run(asker, _ => _ = RunAsync(round), null);
        }
        else
        {
            _ = RunAsync(round);
        }
    }

    private async Task AnswerAsync(Round round)
    {
        try
        {
            round.Found.SetResult(await run(round.Asked, () => Move(round, Stage.Ending)));
        }
        catch (Exception exception)
        {
            round.Found.SetException(exception);
        }
    }

    private sealed class Round
    {
        public List<TAsked> Asked { get; } = [];

        public ExecutionContext? Asker { get; } = ExecutionContext.Capture();

        public Stage Stage { get; set; }

        public TaskCompletionSource<TFound> Found { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
