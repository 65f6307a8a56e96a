using System.Diagnostics.CodeAnalysis;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using PhoneAuth.Application.Abstractions;
using PhoneAuth.Domain;

namespace PhoneAuth.Infrastructure.Persistence;

/// <summary>
/// One transaction per unit of work, begun by the first repository that holds a row and ended by <see cref="SaveAsync"/>. What is
/// not saved is rolled back when the request's scope ends.
/// </summary>
internal sealed class UnitOfWork(PhoneAuthContext context, WriteTransactions transactions, RowStatements statements) : IUnitOfWork, IAsyncDisposable
{
    private const int MaxLostRaces = 20;
    private readonly PendingRows rows = new(context, statements);
    private WriteTransaction? transaction;
    private int lostRaces;

    /// <summary>Begins the transaction, unless it has begun: from here on rows can be held.</summary>
    public async Task BeginAsync(CancellationToken cancellationToken)
    {
        if (transaction is null)
        {
            transaction = await transactions.BeginAsync(context, cancellationToken);

            // A savepoint around a save would be two round trips for nothing: what fails is rolled back whole.
            context.Database.AutoSavepointsEnabled = false;
        }
    }

    /// <summary>
    /// Rows that are held until the transaction ends. The one place where rows are selected by hand: EF has no words for a row lock.
    /// </summary>
    /// <param name="select">A constant SELECT, its values as <c>{0}</c>.</param>
    /// <param name="cancellationToken">Ends the wait for the transaction.</param>
    /// <param name="values">The values, sent as parameters.</param>
    [SuppressMessage("Security", "EF1003", Justification = "The text is ours: a constant and the lock's words.")]
    public async Task<IQueryable<T>> HoldAsync<T>(string select, CancellationToken cancellationToken, params object[] values)
        where T : class
    {
        await BeginAsync(cancellationToken);
        return context.Set<T>().FromSqlRaw(select + context.ForUpdate, values);
    }

    /// <summary>A new row: it is written by the next save.</summary>
    public void Insert(object row) => rows.Insert(row);

    /// <summary>A row that was read without EF's tracking, and is held: the next save writes it, if it has changed.</summary>
    public T? Held<T>(T? row)
        where T : class
    {
        if (row is not null)
        {
            rows.Hold(row);
        }

        return row;
    }

    /// <summary>A row that is held: the next save deletes it.</summary>
    public void Delete(object row) => rows.Delete(row);

    /// <summary>Takes over what another unit of work would write. A row that several of them hold is written once, as the last of them leaves it.</summary>
    public void Adopt(UnitOfWork other) => rows.Adopt(other.rows);

    /// <summary>Forgets what it would write.</summary>
    public void Forget() => rows.Clear();

    public async Task<bool> SaveAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (transactions.OneWriter || rows.Any)
            {
                await BeginAsync(cancellationToken);
            }

            context.ChangeTracker.DetectChanges();
            context.ChangeTracker.AutoDetectChangesEnabled = false;
            if (context.ChangeTracker.HasChanges())
            {
                context.ChangesBeforeCommit = transaction is null || rows.Any ? 0 : context.ChangeTracker.Entries().Count(HasChanged);

                // Not cancelled half-way: what became of a commit that was broken off is anybody's guess.
                await context.SaveChangesAsync(CancellationToken.None);
            }

            if (transaction is not null)
            {
                await CommitAsync(transaction);
            }

            return true;
        }
        catch (Exception exception) when (context.IsLostRace(exception) && ++lostRaces < MaxLostRaces)
        {
            context.ChangeTracker.Clear();
            return false;
        }
        finally
        {
            context.ChangeTracker.AutoDetectChangesEnabled = true;
            (context.ChangesBeforeCommit, context.HasCommitted) = (0, false);
            rows.Clear();
            await DisposeAsync();
        }
    }

    public Task<bool> SaveAsync<TFound>(Holding<TFound> holding, Action<TFound> decide, CancellationToken cancellationToken) =>
        ((UnitHolding<TFound>)holding).SaveAsync(this, context, decide, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref transaction, null) is { } ended)
        {
            await ended.DisposeAsync();
        }
    }

    private async Task CommitAsync(WriteTransaction written)
    {
        if (rows.Any)
        {
            await rows.WriteAsync(written.Inner);
        }
        else if (!context.HasCommitted)
        {
            await written.Inner.CommitAsync(CancellationToken.None);
        }

        await written.EndAsync();
    }

    private static bool HasChanged(EntityEntry entry) => entry.State is EntityState.Added or EntityState.Modified or EntityState.Deleted;
}
