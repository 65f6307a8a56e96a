using System.Diagnostics;
using PhoneAuth.Infrastructure.Persistence;

namespace PhoneAuth.Infrastructure.Tests.Persistence;

[Parallelizable(ParallelScope.Self)]
internal sealed class WriteQueueTests
{
    [Test]
    public async Task Writers_stand_in_line_one_after_the_other_and_in_order()
    {
        var queue = new WriteQueue(oneWriter: true);
        var first = await queue.EnterAsync(default);
        var (second, third) = (queue.EnterAsync(default), queue.EnterAsync(default));
        Assert.That((second.IsCompleted, third.IsCompleted), Is.EqualTo((false, false)));
        first!.Dispose();
        (await second)!.Dispose();
        (await third)!.Dispose();
        (await queue.EnterAsync(default))!.Dispose();
    }

    [Test]
    public async Task Who_gives_up_waiting_takes_nobodys_turn()
    {
        var queue = new WriteQueue(oneWriter: true);
        var first = await queue.EnterAsync(default);
        using var impatience = new CancellationTokenSource();
        var second = queue.EnterAsync(impatience.Token);
        await impatience.CancelAsync();
        Assert.That(async () => await second, Throws.InstanceOf<OperationCanceledException>());
        first!.Dispose();
        (await queue.EnterAsync(default))!.Dispose();
    }

    [Test]
    public async Task Many_writers_need_no_line()
    {
        var queue = new WriteQueue(oneWriter: false);
        Assert.That((queue.OneWriter, await queue.EnterAsync(default)), Is.EqualTo((false, (IDisposable?)null)));
    }

    [Test]
    public async Task What_is_done_in_turn_is_done_by_the_thread_that_walks_down_the_line()
    {
        var queue = new WriteQueue(oneWriter: true);
        var first = await queue.EnterAsync(default);
        var done = new List<(int Owner, bool Walked)>();

        // As in the service, where no synchronization context says which thread goes on; the runner of these tests has one.
        var owners = await Task.Run(() => Enumerable.Range(0, 100).Select(OwnAsync).ToList());
        first!.Dispose();
        await Task.WhenAll(owners);
        Assert.That(done.Select(turn => turn.Owner), Is.Ordered);
        Assert.That(done.Select(turn => turn.Walked), Is.All.True);

        async Task OwnAsync(int owner)
        {
            using var turn = await queue.EnterAsync(default);
            done.Add((owner, new StackTrace().GetFrames().Any(frame => frame.GetMethod()?.DeclaringType == typeof(WriteQueue))));
        }
    }

    [Test]
    public async Task Who_goes_on_elsewhere_keeps_the_turn_until_it_ends()
    {
        var queue = new WriteQueue(oneWriter: true);
        var first = await queue.EnterAsync(default);
        var (begun, rest) = (new TaskCompletionSource(), new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        var slow = OwnAsync();
        var next = queue.EnterAsync(default);
        first!.Dispose();
        await begun.Task;
        Assert.That((slow.IsCompleted, next.IsCompleted), Is.EqualTo((false, false)));
        rest.SetResult();
        await slow;
        (await next)!.Dispose();
        (await queue.EnterAsync(default))!.Dispose();

        async Task OwnAsync()
        {
            using var turn = await queue.EnterAsync(default);
            begun.SetResult();
            await rest.Task;
        }
    }

    [Test]
    public async Task A_turn_that_is_ended_twice_is_ended_once()
    {
        var queue = new WriteQueue(oneWriter: true);
        var first = await queue.EnterAsync(default);
        var second = queue.EnterAsync(default);
        first!.Dispose();
        await second;
        first.Dispose();
        Assert.That(queue.EnterAsync(default).IsCompleted, Is.False);
    }

    [Test]
    public async Task A_thousand_writers_on_many_threads_are_alone_each()
    {
        var queue = new WriteQueue(oneWriter: true);
        var (inside, together, turns) = (0, 0, 0);
        await Task.WhenAll(Enumerable.Range(0, 1000).Select(writer => Task.Run(async () =>
        {
            using var impatience = new CancellationTokenSource();
            var entering = queue.EnterAsync(impatience.Token);
            if (writer % 7 == 0)
            {
                await impatience.CancelAsync();
            }

            try
            {
                using var turn = await entering;
                together += Interlocked.Increment(ref inside) > 1 ? 1 : 0;
                turns++;
                if (writer % 3 == 0)
                {
                    await Task.Yield();
                }

                Interlocked.Decrement(ref inside);
            }
            catch (OperationCanceledException) when (writer % 7 == 0)
            {
            }
        })));
        Assert.That(together, Is.Zero);
        Assert.That(turns, Is.GreaterThanOrEqualTo(1000 - (1000 / 7) - 1));
        (await queue.EnterAsync(default))!.Dispose();
    }
}
