using PhoneAuth.Infrastructure.Persistence;

namespace PhoneAuth.Infrastructure.Tests.Persistence;

[Parallelizable(ParallelScope.Self)]
internal sealed class SharedRoundsTests
{
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
    public async Task A_reading_belongs_to_who_asked_first()
    {
        var who = new AsyncLocal<string>();
        var (table, names) = (new Table(), new List<string?>());
        var reads = new SharedRounds<int, string>(
            keys =>
            {
                names.Add(who.Value);
                return table.ReadAsync(keys);
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
        var reads = new SharedRounds<int, int>(keys => Task.FromResult(keys.Sum()), TimeProvider.System);
        var found = await Task.WhenAll(Enumerable.Range(0, 8).Select(reader => Task.Run(async () =>
        {
            var wrong = 0;
            for (var i = 0; i < 2000; i++)
            {
                wrong += await reads.AskAsync(1) < 1 ? 1 : 0;
            }

            return wrong;
        })));
        Assert.That(found, Is.All.Zero);
    }

    /// <summary>Answers when it is told to, with the keys that were asked for.</summary>
    private sealed class Table
    {
        private readonly List<(string Keys, TaskCompletionSource<string> Answer)> readings = [];
        private readonly SemaphoreSlim begun = new(0);
        private int seen;

        public List<string> Asked => readings.ConvertAll(reading => reading.Keys);

        public Task<string> ReadAsync(IReadOnlyList<int> keys)
        {
            var answer = new TaskCompletionSource<string>();
            readings.Add((string.Join(',', keys), answer));
            begun.Release();
            return answer.Task;
        }

        /// <summary>Waits until a reading has begun.</summary>
        public async Task ReadingAsync(int index)
        {
            for (; seen <= index; seen++)
            {
                await begun.WaitAsync();
            }
        }

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
