using System.Threading.Channels;
using PhoneAuth.Infrastructure.Persistence;

namespace PhoneAuth.Infrastructure.Sms;

/// <summary>
/// Writes what many tasks want written in few transactions: whatever came while the last batch was being written is the next one. Under
/// load it waits a little for a batch to fill, and not at all while little happens.
/// </summary>
/// <typeparam name="T">What is written.</typeparam>
/// <param name="writeAsync">Writes a batch, or throws; when the database failed it is tried again.</param>
/// <param name="putOff">Is told why a batch is put off, the first time that it is.</param>
internal sealed class Batches<T>(Func<IReadOnlyList<T>, CancellationToken, Task> writeAsync, Action<Exception> putOff)
{
    private const int MaxSize = 500;
    private static readonly TimeSpan WaitPerItem = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan FirstRetry = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestRetry = TimeSpan.FromSeconds(2);

    // Not with SingleReader: such a channel cannot tell how many wait.
    private readonly Channel<(T Item, TaskCompletionSource Written)> waiting =
        Channel.CreateUnbounded<(T, TaskCompletionSource)>();

    /// <summary>Writes one thing. Done when it is durable; cancelled when the writing ended before.</summary>
    public Task WriteAsync(T item)
    {
        var written = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return waiting.Writer.TryWrite((item, written)) ? written.Task : Task.FromCanceled(new CancellationToken(canceled: true));
    }

    /// <summary>Writes until it is told to end.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var batch = new List<(T Item, TaskCompletionSource Written)>(MaxSize);
        try
        {
            while (await waiting.Reader.WaitToReadAsync(cancellationToken))
            {
                while (batch.Count < MaxSize && waiting.Reader.TryRead(out var next))
                {
                    batch.Add(next);
                }

                await WriteAsync(batch.ConvertAll(entry => entry.Item), cancellationToken);
                batch.ForEach(entry => entry.Written.TrySetResult());
                var wait = batch.Count * WaitPerItem;
                batch.Clear();
                if (wait > WaitPerItem && waiting.Reader.Count < MaxSize)
                {
                    await Task.Delay(wait < LongestWait ? wait : LongestWait, cancellationToken);
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            waiting.Writer.TryComplete();
            while (waiting.Reader.TryRead(out var left))
            {
                batch.Add(left);
            }

            batch.ForEach(entry => entry.Written.TrySetCanceled(cancellationToken));
        }
    }

    private async Task WriteAsync(List<T> items, CancellationToken cancellationToken)
    {
        for (var retry = FirstRetry; ; retry = retry * 2 < LongestRetry ? retry * 2 : LongestRetry)
        {
            try
            {
                await writeAsync(items, cancellationToken);
                return;
            }
            catch (Exception exception) when (DatabaseFaults.Caused(exception))
            {
                if (retry == FirstRetry)
                {
                    putOff(exception);
                }

                await Task.Delay(retry, cancellationToken);
            }
        }
    }
}
