using PhoneAuth.Infrastructure.Persistence;

namespace PhoneAuth.Infrastructure.Tests.Persistence;

[Parallelizable(ParallelScope.Self)]
internal sealed class SharedRoundsTests
{
    private const int Enough = SharedRounds<int, string>.Enough;

    [Test]
    public async Task Who_asks_during_a_reading_is_answered_by_the_next_one_together_with_others()
    {
        var table = new Table();
        var reads = new SharedRounds<int, string>(table.ReadAsync, TimeProvider.System);
        var first = reads.AskAsync(1);
        var (second, third) = (reads.AskAsync(2), reads.AskAsync(3));
        Assert.That(table.Asked, Is.EqualTo(new[] { "1" }), "alone, at once");
        table.Answer(0);
        Assert.That(await first, Is.EqualTo("1"));
        await table.ReadingAsync(1);
        var fourth = reads.AskAsync(4);
        Assert.That(table.Asked, Is.EqualTo(new[] { "1", "2,3" }), "one reading at a time");
        table.Answer(1);
        Assert.That((await second, await third), Is.EqualTo(("2,3", "2,3")));
        await table.ReadingAsync(2);
        table.Answer(2);
        Assert.That(await fourth, Is.EqualTo("4"));
        _ = reads.AskAsync(5);
        await table.ReadingAsync(3);
        Assert.That(table.Asked, Is.EqualTo(new[] { "1", "2,3", "4", "5" }));
    }

    [Test]
    public async Task Who_finds_no_place_in_the_next_one_has_one_in_that_after_it()
    {
        var table = new Table();
        var rounds = new SharedRounds<int, string>(table.ReadAsync, TimeProvider.System, places: 2);
        var asked = Enumerable.Range(1, 6).Select(rounds.AskAsync).ToList();
        for (var i = 0; i < 4; i++)
        {
            await table.ReadingAsync(i);
            table.Answer(i);
        }

        Assert.That(await Task.WhenAll(asked), Is.EqualTo(new[] { "1", "2,3", "2,3", "4,5", "4,5", "6" }));
        Assert.That(table.Asked, Has.Count.EqualTo(4));
        _ = rounds.AskAsync(7);
        await table.ReadingAsync(4);
        Assert.That(table.Asked[4], Is.EqualTo("7"), "nothing is left over");
    }

    [Test]
    public async Task A_reading_that_fails_fails_for_those_who_asked_it_and_for_nobody_else()
    {
        var table = new Table();
        var reads = new SharedRounds<int, string>(table.ReadAsync, TimeProvider.System);
        var (first, second) = (reads.AskAsync(1), reads.AskAsync(2));
        table.Fail(0);
        Assert.That(async () => await first, Throws.InstanceOf<TimeoutException>());
        await table.ReadingAsync(1);
        table.Answer(1);
        Assert.That(await second, Is.EqualTo("2"));
    }

    [Test]
    public async Task A_reading_that_hangs_keeps_nobody_waiting()
    {
        var (table, clock) = (new Table(), new Alarm());
        var reads = new SharedRounds<int, string>(table.ReadAsync, clock);
        var (hanging, second) = (reads.AskAsync(1), reads.AskAsync(2));
        Assert.That((table.Asked.Count, clock.Due), Is.EqualTo((1, SharedRounds<int, string>.Patience)));
        clock.Ring();
        await table.ReadingAsync(1);
        table.Answer(1);
        Assert.That((await second, hanging.IsCompleted), Is.EqualTo(("2", false)));
        table.Answer(0);
        Assert.That(await hanging, Is.EqualTo("1"));
    }

    [Test]
    public async Task One_that_only_ends_lets_the_next_one_begin_where_enough_wait_for_it()
    {
        var table = new Table();
        var rounds = new SharedRounds<int, string>(table.ReadAsync, new Alarm());
        List<Task<string>> asked = [rounds.AskAsync(0), .. AskFor(rounds, Enough - 1)];
        table.End(0);
        asked.Add(rounds.AskAsync(Enough));
        await table.ReadingAsync(1);
        Assert.That((Many(table.Asked[1]), asked[0].IsCompleted), Is.EqualTo((Enough, false)));

        asked.AddRange(AskFor(rounds, Enough));
        table.End(1);
        asked.Add(rounds.AskAsync(Enough));
        await table.ReadingAsync(2);
        Assert.That(Many(table.Asked[2]), Is.EqualTo(Enough + 1), "as many as end");
        for (var i = 0; i < 3; i++)
        {
            table.Answer(i);
        }

        Assert.That((await Task.WhenAll(asked)).Distinct(StringComparer.Ordinal), Is.EqualTo(table.Asked));
    }

    [Test]
    public async Task What_one_that_ends_keeps_from_beginning_begins_with_its_end()
    {
        var table = new Table();
        var rounds = new SharedRounds<int, string>(table.ReadAsync, new Alarm());
        _ = rounds.AskAsync(1);
        table.End(0);
        _ = rounds.AskAsync(2);
        Assert.That(table.Asked, Has.Count.EqualTo(1));
        table.Answer(0);
        await table.ReadingAsync(1);
        _ = AskFor(rounds, Enough);
        Assert.That(table.Asked, Has.Count.EqualTo(2), "nothing ends now");
        table.Answer(1);
        await table.ReadingAsync(2);
    }

    [Test]
    public async Task As_many_as_have_a_place_are_enough()
    {
        var table = new Table();
        var rounds = new SharedRounds<int, string>(table.ReadAsync, new Alarm(), places: 2);
        _ = AskFor(rounds, 3);
        table.End(0);
        await table.ReadingAsync(1);
        Assert.That(table.Asked[1], Is.EqualTo("1,2"));
        table.End(1);
        _ = AskFor(rounds, 2);
        await table.ReadingAsync(2);
        Assert.That(table.Asked, Has.Count.EqualTo(3), "though three end");
    }

    [Test]
    public async Task One_that_has_kept_others_waiting_for_long_enough_counts_no_more()
    {
        var (table, clock) = (new Table(), new Alarm());
        var rounds = new SharedRounds<int, string>(table.ReadAsync, clock);
        _ = AskFor(rounds, 2);
        clock.Ring();
        await table.ReadingAsync(1);
        _ = AskFor(rounds, Enough);
        table.End(0);
        table.Answer(0);
        Assert.That(table.Asked, Has.Count.EqualTo(2), "that of before is under way");
        table.Answer(1);
        await table.ReadingAsync(2);
        table.Answer(2);
        _ = rounds.AskAsync(3);
        await table.ReadingAsync(3);
    }

    [Test]
    public async Task A_reading_belongs_to_who_asked_first()
    {
        var who = new AsyncLocal<string>();
        var (table, names) = (new Table(), new List<string?>());
        var reads = new SharedRounds<int, string>(
            (keys, end) =>
            {
                names.Add(who.Value);
                return table.ReadAsync(keys, end);
            },
            TimeProvider.System);
        foreach (var name in (string[])["first", "second", "third"])
        {
            who.Value = name;
            _ = reads.AskAsync(names.Count);
        }

        table.Answer(0);
        await table.ReadingAsync(1);
        Assert.That(names, Is.EqualTo(new[] { "first", "second" }));
    }

    [Test]
    public async Task Readings_that_answer_at_once_pile_up_on_no_stack()
    {
        var reads = new SharedRounds<int, int>((keys, _) => Task.FromResult(keys.Sum()), TimeProvider.System);
        var found = await Task.WhenAll(Enumerable.Range(0, 8).Select(reader => Task.Run(async () =>
        {
            var wrong = 0;
            for (var i = 0; i < 2000; i++)
            {
                wrong += await reads.AskAsync(1) < 1 ? 1 : 0;
            }

            return wrong;
        }))).WaitAsync(TimeSpan.FromSeconds(30));
        Assert.That(found, Is.All.Zero);
    }

    [Test]
    public async Task Nor_do_those_that_begin_while_others_end()
    {
        var (under, most) = (0, 0);
        var rounds = new SharedRounds<int, int>(
            async (keys, end) =>
            {
                Assert.That(keys, Has.Count.LessThanOrEqualTo(20));
                most = Math.Max(most, Interlocked.Increment(ref under));
                await Task.Yield();
                Interlocked.Decrement(ref under);
                end();
                await Task.Yield();
                return keys.Count;
            },
            TimeProvider.System,
            places: 20);
        await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => Task.Run(async () =>
        {
            for (var i = 0; i < 500; i++)
            {
                await rounds.AskAsync(1);
            }
        }))).WaitAsync(TimeSpan.FromSeconds(30));
        Assert.That((under, most), Is.EqualTo((0, 1)), "one at a time, until it ends");
    }

    private static List<Task<string>> AskFor(SharedRounds<int, string> rounds, int times) => [.. Enumerable.Range(0, times).Select(rounds.AskAsync)];

    private static int Many(string keys) => keys.Split(',').Length;

    /// <summary>Answers when it is told to, with the keys that were asked for.</summary>
    private sealed class Table
    {
        private readonly List<(string Keys, Action End, TaskCompletionSource<string> Answer)> readings = [];
        private readonly SemaphoreSlim begun = new(0);
        private int seen;

        public List<string> Asked => readings.ConvertAll(reading => reading.Keys);

        public Task<string> ReadAsync(IReadOnlyList<int> keys, Action end)
        {
            var answer = new TaskCompletionSource<string>();
            readings.Add((string.Join(',', keys), end, answer));
            begun.Release();
            return answer.Task;
        }

        /// <summary>Waits until a reading has begun.</summary>
        public async Task ReadingAsync(int index)
        {
            for (; seen <= index; seen++)
            {
                Assert.That(await begun.WaitAsync(TimeSpan.FromSeconds(10)), "It does not begin.");
            }
        }

        /// <summary>Has a reading say that it only ends.</summary>
        public void End(int index) => readings[index].End();

        public void Answer(int index) => readings[index].Answer.SetResult(readings[index].Keys);

        public void Fail(int index) => readings[index].Answer.SetException(new TimeoutException());
    }

    /// <summary>A clock with one timer, which rings when it is told to.</summary>
    private sealed class Alarm : TimeProvider
    {
        private Action ring = () => { };

        public TimeSpan Due { get; private set; }

        public void Ring() => ring();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            (Due, ring) = (dueTime, () => callback(state));
            return new Timer();
        }

        private sealed class Timer : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => true;

            public void Dispose()
            {
            }

            public ValueTask DisposeAsync() => ValueTask.CompletedTask;
        }
    }
}
