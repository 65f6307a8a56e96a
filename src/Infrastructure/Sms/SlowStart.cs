namespace PhoneAuth.Infrastructure.Sms;

/// <summary>
/// An instance's first texts and their records take longest, for all is done for the first time; what was sent but not recorded when the
/// instance dies is sent again by another; and one that dies once may well die soon after each start. So the first texts go one by one,
/// each from its gateway to its record, and what comes after them waits for the last of them.
/// </summary>
internal sealed class SlowStart
{
    private const int FirstTexts = 100;

    /// <summary>A gateway that hangs keeps the next text waiting for so long and no longer.</summary>
    private static readonly TimeSpan LongestCall = TimeSpan.FromSeconds(1);

    private Task last = Task.CompletedTask;
    private int begun;

    /// <summary>Waits for the texts that came before.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The text's turn, and the next one's begins when it is disposed of; null once nobody waits for another.</returns>
    public async Task<Turn?> WaitAsync(CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref begun) >= FirstTexts || Interlocked.Increment(ref begun) > FirstTexts)
        {
            await Volatile.Read(ref last).WaitAsync(cancellationToken);
            return null;
        }

        var turn = new Turn();
        try
        {
            await Interlocked.Exchange(ref last, turn.Over).WaitAsync(cancellationToken);
            return turn;
        }
        catch (OperationCanceledException)
        {
            turn.Dispose();
            throw;
        }
    }

    internal sealed class Turn : IDisposable
    {
        private readonly TaskCompletionSource over = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Over => over.Task;

        /// <summary>Its gateway is being called.</summary>
        public void Called() => _ = Task.Delay(LongestCall, CancellationToken.None).ContinueWith(_ => Dispose(), TaskScheduler.Default);

        public void Dispose() => over.TrySetResult();
    }
}
