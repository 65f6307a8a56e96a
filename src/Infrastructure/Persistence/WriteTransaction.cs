using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace PhoneAuth.Infrastructure.Persistence;

/// <summary>Begins transactions that write.</summary>
internal sealed class WriteTransactions(WriteQueue queue, SharedFlush flush)
{
    public bool OneWriter => queue.OneWriter;

    public async Task<WriteTransaction> BeginAsync(PhoneAuthContext context, CancellationToken cancellationToken)
    {
        var transaction = new WriteTransaction(context, flush);
        try
        {
            await transaction.BeginAsync(queue, cancellationToken);
            return transaction;
        }
        catch
        {
            await transaction.DisposeAsync();
            throw;
        }
    }
}

/// <summary>
/// A transaction that writes. Where the database has one writer, it holds the turn to write no longer than the file needs it: the connection is
/// opened before, and what was committed reaches the disk afterwards, together with what others have committed meanwhile.
/// </summary>
internal sealed class WriteTransaction(PhoneAuthContext context, SharedFlush flush) : IAsyncDisposable
{
    private IDbContextTransaction? inner;
    private IDisposable? turn;
    private string? log;
    private bool opened;

    public IDbContextTransaction Inner => inner ?? throw new InvalidOperationException("The transaction has ended.");

    public async Task BeginAsync(WriteQueue queue, CancellationToken cancellationToken)
    {
        if (queue.OneWriter)
        {
            // Each connection has files open: only so many wait with one.
            if (!queue.IsLong)
            {
                await OpenAsync(cancellationToken);
            }

            turn = await queue.EnterAsync(cancellationToken);
            if (!opened)
            {
                await OpenAsync(cancellationToken);
            }
        }

        inner = await context.Database.BeginTransactionAsync(cancellationToken);
    }

    /// <summary>To be called once it is committed: comes back when that is on the disk.</summary>
    public async Task EndAsync()
    {
        turn?.Dispose();
        await DisposeAsync();
        if (log is not null)
        {
            await flush.RunAsync(log);
        }
    }

    /// <summary>Rolls back what is not committed.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            if (Interlocked.Exchange(ref inner, null) is { } transaction)
            {
                await transaction.DisposeAsync();
            }
        }
        finally
        {
            turn?.Dispose();
            if (Interlocked.Exchange(ref opened, false))
            {
                await context.Database.CloseConnectionAsync();
            }
        }
    }

    private async Task OpenAsync(CancellationToken cancellationToken)
    {
        await context.Database.OpenConnectionAsync(cancellationToken);
        opened = true;
        log = await context.LeaveFlushAsync(cancellationToken);
    }
}
