namespace PhoneAuth.Infrastructure.Persistence;

/// <summary>
/// What many callers want of the database at about the same time, done for all of them at once: whoever comes while a round is under way has a place
/// in the next one. A round begins after each of its callers came, so what it reads is no older than if it had been read for one of them alone.
/// </summary>
/// <param name="run">One round, for those who have a place in it.</param>
/// <param name="clock">Measures how long a round takes.</param>
/// <param name="places">How many have a place in one round.</param>
internal sealed class SharedRounds<TAsked, TFound>(Func<IReadOnlyList<TAsked>, Task<TFound>> run, TimeProvider clock, int places = int.MaxValue)
{
    /// <summary>How long a round keeps the next one waiting. One that takes longer hangs, on a connection that has been lost for example.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(50);

    private readonly Lock gate = new();
    private readonly Queue<Round> waiting = new();
    private Round? last;
    private bool running;

    /// <returns>What the round came to that this was asked in; if it failed, it fails for all who asked in it.</returns>
    public Task<TFound> AskAsync(TAsked asked)
    {
        Round round;
        lock (gate)
        {
            round = last ?? new Round();
            round.Asked.Add(asked);
            if (running)
            {
                if (last is null)
                {
                    waiting.Enqueue(round);
                }

                last = round.Asked.Count < places ? round : null;
                return round.Found.Task;
            }

            running = true;
        }

        _ = RunAsync(round);
        return round.Found.Task;
    }

    private async Task RunAsync(Round round)
    {
        await AnswerAsync(round).WaitAsync(Patience, clock).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        lock (gate)
        {
            running = waiting.TryDequeue(out var next);
            if (next is not null)
            {
                // Elsewhere: this may be the caller's own thread, where a database answers at once.
                ThreadPool.UnsafeQueueUserWorkItem(static start => start.Rounds.Start(start.Round), (Rounds: this, Round: next), preferLocal: false);
                last = last == next ? null : last;
            }
        }
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
            round.Found.SetResult(await run(round.Asked));
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

        public TaskCompletionSource<TFound> Found { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
