using Microsoft.Extensions.DependencyInjection;
using PhoneAuth.Infrastructure.Persistence;
using PhoneAuth.Infrastructure.Tests.Harness;
using PhoneAuth.Testing;

namespace PhoneAuth.Infrastructure.Tests.Persistence;

[Parallelizable(ParallelScope.Self)]
internal sealed class SharedFlushTests
{
    [Test]
    public async Task Who_commits_during_a_flush_waits_for_the_next_one_and_shares_it()
    {
        using var disk = new Disk();
        var flush = disk.Flush();
        var first = flush.RunAsync("log");
        await Task.WhenAny(disk.Reached, first);
        var others = Enumerable.Range(0, 5).Select(_ => flush.RunAsync("log")).ToList();
        Assert.That((first.IsCompleted, others.Exists(other => other.IsCompleted)), Is.EqualTo((false, false)));
        disk.LetGo();
        await first;
        await Task.WhenAll(others);
        Assert.That(disk.Flushed, Is.EqualTo(2));
        await flush.RunAsync("log");
        Assert.That(disk.Flushed, Is.EqualTo(3), "a later one");
    }

    [Test]
    public async Task What_did_not_reach_the_disk_ends_the_process()
    {
        Exception? givenUp = null;
        var flush = new SharedFlush(_ => throw new LostWriteException(new IOException("Input/output error")), exception => givenUp = exception);
        Assert.That(async () => await flush.RunAsync("log"), Throws.InstanceOf<IOException>());
        Assert.That(givenUp, Is.InstanceOf<LostWriteException>());
        await Task.CompletedTask;
    }

    [Test]
    public async Task A_log_that_could_not_be_opened_fails_those_who_wait_and_is_flushed_the_next_time()
    {
        var tries = 0;
        var flush = new SharedFlush(
            _ =>
            {
                if (tries++ == 0)
                {
                    throw new IOException("Too many open files");
                }
            },
            _ => Assert.Fail("Nothing is lost."));
        Assert.That(async () => await flush.RunAsync("log"), Throws.InstanceOf<IOException>());
        await flush.RunAsync("log");
        Assert.That(tries, Is.EqualTo(2));
    }

    [Test]
    public async Task A_log_that_has_gone_is_in_the_database() => await new SharedFlush().RunAsync(Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString("N")));

    [Test]
    public async Task Nobody_is_told_of_a_commit_before_the_disk_has_it_and_others_write_meanwhile()
    {
        using var disk = new Disk();
        await using var store = await Store.CreateAsync(DatabaseKind.Sqlite, services => services.AddSingleton(disk.Flush()));
        await using var work = store.Begin();
        await using var other = store.Begin();
        work.Users.Add(store.NewUser());
        other.Users.Add(store.NewUser());
        var saved = work.SaveAsync();
        await Task.WhenAny(disk.Reached, saved);
        var otherSaved = other.SaveAsync();
        var recorded = store.Resolve<TextQueue>().RecordAsync([], store.Clock.Now, store.Clock.Now, default);
        await using (var database = store.Database.Open())
        {
            Assert.That(database.Users.Count(), Is.EqualTo(2), "committed, both of them");
        }

        Assert.That((saved.IsCompleted, otherSaved.IsCompleted, recorded.IsCompleted), Is.EqualTo((false, false, false)));
        disk.LetGo();
        Assert.That((await saved, await otherSaved), Is.EqualTo((true, true)));
        await recorded;
    }

    [Test]
    public async Task A_commit_that_did_not_reach_the_disk_is_not_told()
    {
        await using var store = await Store.CreateAsync(
            DatabaseKind.Sqlite,
            services => services.AddSingleton(new SharedFlush(_ => throw new LostWriteException(new IOException("Input/output error")), _ => { })));
        await using var work = store.Begin();
        work.Users.Add(store.NewUser());
        Assert.That(async () => await work.SaveAsync(), Throws.InstanceOf<IOException>());
    }

    /// <summary>A disk that is slow until it is let go.</summary>
    private sealed class Disk : IDisposable
    {
        private readonly ManualResetEventSlim free = new();
        private readonly TaskCompletionSource reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int flushed;

        public Task Reached => reached.Task;

        public int Flushed => flushed;

        public SharedFlush Flush() => new(
            _ =>
            {
                reached.TrySetResult();
                free.Wait();
                Interlocked.Increment(ref flushed);
            },
            _ => { });

        public void LetGo() => free.Set();

        public void Dispose()
        {
            free.Set();
            free.Dispose();
        }
    }
}
