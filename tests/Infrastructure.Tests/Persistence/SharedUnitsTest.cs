using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using PhoneAuth.Domain.Sessions;
using PhoneAuth.Infrastructure.Persistence;
using PhoneAuth.Infrastructure.Tests.Harness;
using PhoneAuth.Testing;

namespace PhoneAuth.Infrastructure.Tests.Persistence;

/// <summary>A fixture whose units of work share transactions: as many as ask while another is under way, however long that takes.</summary>
internal abstract class SharedUnitsTest(DatabaseKind kind) : StoreTest(kind)
{
    /// <summary>A code's hash, and another one.</summary>
    protected static readonly byte[] Right = new byte[32];
    protected static readonly byte[] Next = [.. Enumerable.Repeat((byte)1, 32)];

    private readonly Transactions transactions = new();

    /// <summary>How many transactions have begun.</summary>
    protected int Begun => transactions.Started;

    protected override void Change(IServiceCollection services) => services
        .Replace(ServiceDescriptor.Singleton<TimeProvider>(new Patient()))
        .ConfigureDbContext<SqliteContext>(options => options.AddInterceptors(transactions))
        .ConfigureDbContext<PostgreSqlContext>(options => options.AddInterceptors(transactions));

    protected static Task AtSend(Work work, Action wait) => work.SaveAsync(work.Codes.HoldForSend(Store.NewNumber(), null), _ => wait());

    protected async Task AtRefresh(Work work, Action wait)
    {
        var (user, session) = (Store.NewUser(), default(Session));
        await Store.KeepAsync(user, session = Store.NewSession(user));
        await work.SaveAsync(work.Sessions.HoldWithUser(session.Id), _ => wait());
    }

    protected static Task AtSignIn(Work work, Action wait) => work.SaveAsync(work.Codes.HoldForSignIn(Store.NewNumber(), [], null), _ => wait());

    /// <summary>Has many ask in one round: they come while another one is under way.</summary>
    /// <returns>How many transactions that took.</returns>
    protected Task<int> TogetherAsync(Func<Work, Action, Task> before, int times, Func<Work, int, Task> act) => Task.Run(async () =>
    {
        using var under = new SemaphoreSlim(0);
        using var go = new ManualResetEventSlim();
        await using var first = Store.Begin();
        var running = Task.Run(() => before(first, () =>
        {
            under.Release();
            go.Wait();
        }));
        await under.WaitAsync();
        var (works, begun) = (Enumerable.Range(0, times).Select(_ => Store.Begin()).ToList(), transactions.Started);
        var acts = works.Select(act).ToList();
        go.Set();
        await Task.WhenAll([running, .. acts]);
        foreach (var work in works)
        {
            await work.DisposeAsync();
        }

        return transactions.Started - begun;
    });

    /// <summary>A clock by which no round takes too long, however slow the machine is on which one waits for all to ask.</summary>
    private sealed class Patient : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            base.CreateTimer(callback, state, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    private sealed class Transactions : DbTransactionInterceptor
    {
        private int started;

        public int Started => started;

        public override DbTransaction TransactionStarted(DbConnection connection, TransactionEndEventData eventData, DbTransaction result)
        {
            Interlocked.Increment(ref started);
            return result;
        }

        public override ValueTask<DbTransaction> TransactionStartedAsync(
            DbConnection connection, TransactionEndEventData eventData, DbTransaction result, CancellationToken cancellationToken = default) =>
            ValueTask.FromResult(TransactionStarted(connection, eventData, result));
    }
}
