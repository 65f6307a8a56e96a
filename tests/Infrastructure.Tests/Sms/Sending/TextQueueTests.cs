using System.Text;
using Microsoft.EntityFrameworkCore;
using PhoneAuth.Application.Abstractions;
using PhoneAuth.Domain.VerificationCodes;
using PhoneAuth.Infrastructure.Persistence;
using PhoneAuth.Infrastructure.Sms;
using PhoneAuth.Testing;

namespace PhoneAuth.Infrastructure.Tests.Sms.Sending;

[OnBothDatabases]
[Parallelizable(ParallelScope.Self)]
internal sealed class TextQueueTests(DatabaseKind kind)
{
    private static readonly TimeSpan WithinPromise = TimeSpan.FromSeconds(13);
    private FakeGateway gateway = null!;
    private SendingService sending = null!;

    [SetUp]
    public async Task StartAsync() => (gateway, sending) = (new FakeGateway("One"), await SendingService.CreateAsync(kind));

    [TearDown]
    public async Task StopAsync() => await sending.DisposeAsync();

    [Test]
    public async Task A_text_is_sealed_until_it_is_sent_and_wiped_afterwards()
    {
        var release = Gate();
        gateway.Answer = async (_, token) => await release.Task.WaitAsync(token);
        var instance = await sending.StartAsync(gateway);
        var (message, queued) = await instance.RecordAsync();
        var waiting = await sending.RowAsync(message.PhoneNumber);
        Assert.That((waiting.Delivery, waiting.MessageId), Is.EqualTo(((Delivery?)Delivery.Queued, (Guid?)message.Id)));
        Assert.That(Encoding.Latin1.GetString(waiting.SealedText!), Does.Not.Contain(message.Code).And.Not.Contain(message.PhoneNumber.E164));

        instance.Dispatcher.Send(message, queued);
        release.SetResult(SmsOutcome.Accepted());
        var sent = await sending.UntilAsync(message.PhoneNumber, Delivery.Sent);
        Assert.That((sent.SealedText, sent.SendAfter, sent.Gateway, sent.Tries), Is.EqualTo(((byte[]?)null, (DateTimeOffset?)null, "One", 1)));
    }

    [Test]
    public async Task What_a_dead_instance_leaves_is_taken_over_when_its_hold_ends_and_not_before()
    {
        var dead = await sending.StartAsync(gateway);
        var (message, _) = await dead.RecordAsync();
        var alive = await sending.StartAsync(gateway);
        sending.Clock.Advance(TimeSpan.FromSeconds(11));
        await alive.TakeOverAsync();
        Assert.That((await sending.RowAsync(message.PhoneNumber)).Delivery, Is.EqualTo(Delivery.Queued));

        sending.Clock.Advance(TimeSpan.FromSeconds(2));
        await alive.TakeOverAsync();
        await sending.UntilAsync(message.PhoneNumber, Delivery.Sent);
        Assert.That(gateway.Asked.Select(asked => (asked.Id, asked.Code)), Is.EqualTo(new[] { (message.Id, message.Code) }));
    }

    [Test]
    public async Task Two_live_instances_send_none_of_1000_texts_twice()
    {
        var (one, two) = (await sending.StartAsync(gateway), await sending.StartAsync(gateway));
        var orphans = new List<CodeMessage>();
        for (var i = 0; i < 500; i++)
        {
            orphans.Add((await one.RecordAsync()).Message);
        }

        sending.Clock.Advance(WithinPromise);
        var takeOvers = Task.WhenAll(Enumerable.Range(0, 8).Select(i => (i % 2 == 0 ? one : two).TakeOverAsync()));
        var messages = await Task.WhenAll(Enumerable.Range(0, 500).Select(i => (i % 2 == 0 ? one : two).SendAsync()));
        await takeOvers;
        await sending.UntilAsync(async () => (await sending.RowsAsync()).TrueForAll(row => row.Delivery == Delivery.Sent));
        Assert.That(gateway.Asked.Select(asked => asked.Id), Is.EquivalentTo(messages.Concat(orphans).Select(message => message.Id)));
    }

    [Test]
    public async Task What_another_instance_is_about_to_take_over_is_passed_by()
    {
        var instance = await sending.StartAsync(gateway);
        var (others, free) = ((await instance.RecordAsync()).Message, (await instance.RecordAsync()).Message);
        await instance.KillAsync();
        sending.Clock.Advance(WithinPromise);
        var (now, until) = (sending.Clock.Now, sending.Clock.Now + CodeDispatcher.HoldTime);
        await using var other = sending.Database.Open();
        await using var takeOver = await other.Database.BeginTransactionAsync();
        await other.VerificationCodes.Where(code => code.MessageId == others.Id).ExecuteUpdateAsync(change => change.SetProperty(code => code.SendAfter, until));
        var taking = Task.Run(() => instance.Store.Resolve<TextQueue>().TakeAsync(now, until, 10, CancellationToken.None));
        await sending.Database.UntilBlockedAsync(taking);
        await takeOver.CommitAsync();
        Assert.That((await taking).Select(code => code.MessageId), Is.EqualTo(new[] { (Guid?)free.Id }));
    }

    [Test]
    public async Task Of_1000_texts_an_instance_that_is_killed_loses_none_and_doubles_only_what_was_under_way()
    {
        var answered = 0;
        gateway.Answer = async (_, token) =>
        {
            if (Interlocked.Increment(ref answered) > 400)
            {
                await Task.Delay(Timeout.Infinite, token);
            }

            return SmsOutcome.Accepted();
        };
        var killed = await sending.StartAsync(gateway);
        var messages = await Task.WhenAll(Enumerable.Range(0, 1000).Select(_ => killed.SendAsync()));
        await sending.UntilAsync(() => Task.FromResult(gateway.Asked.Count == 1000));
        await killed.KillAsync();
        var underWay = (await sending.RowsAsync()).Where(row => row.Delivery == Delivery.Queued).Select(row => row.MessageId!.Value).ToHashSet();
        Assert.That(underWay, Has.Count.GreaterThanOrEqualTo(600));

        var restarted = new FakeGateway("One");
        var alive = await sending.StartAsync(restarted);
        var replaced = messages.Where(message => underWay.Contains(message.Id)).Take(100).ToList();
        var newer = await Task.WhenAll(replaced.Select(message => alive.SendAsync(message.PhoneNumber)));
        var newerIds = newer.Select(message => (Guid?)message.Id).ToHashSet();
        await sending.UntilAsync(async () => (await sending.RowsAsync()).Count(row => newerIds.Contains(row.MessageId) && row.Delivery == Delivery.Sent) == newer.Length);
        sending.Clock.Advance(WithinPromise);
        await alive.TakeOverAsync();
        await sending.UntilAsync(async () => (await sending.RowsAsync()).TrueForAll(row => row.Delivery == Delivery.Sent));
        var expected = underWay.Except(replaced.Select(message => message.Id)).Concat(newer.Select(message => message.Id));
        Assert.That(restarted.Asked.Select(asked => asked.Id), Is.EquivalentTo(expected));
    }

    [Test]
    public async Task An_instances_first_texts_go_one_by_one()
    {
        var (atOnce, most) = (0, 0);
        gateway.Answer = async (_, token) =>
        {
            most = Math.Max(most, Interlocked.Increment(ref atOnce));
            await Task.Delay(TimeSpan.FromMilliseconds(10), token);
            Interlocked.Decrement(ref atOnce);
            return SmsOutcome.Accepted();
        };
        var instance = await sending.StartAsync(gateway);
        var recorded = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => instance.RecordAsync()));
        Array.ForEach(recorded, text => instance.Dispatcher.Send(text.Message, text.Queued));
        await sending.UntilAsync(async () => (await sending.RowsAsync()).TrueForAll(row => row.Delivery == Delivery.Sent));
        Assert.That((gateway.Asked.Count, most), Is.EqualTo((3, 1)));
    }

    [Test]
    public async Task A_text_that_takes_long_stays_with_the_instance_that_sends_it()
    {
        var release = Gate();
        gateway.Answer = async (_, token) => await release.Task.WaitAsync(token);
        var (slow, other) = (await sending.StartAsync(gateway), await sending.StartAsync(gateway));
        var message = await slow.SendAsync();
        for (var i = 0; i < 4; i++)
        {
            var before = (await sending.RowAsync(message.PhoneNumber)).SendAfter;
            sending.Clock.Advance(TimeSpan.FromSeconds(7));
            await sending.UntilAsync(async () => (await sending.RowAsync(message.PhoneNumber)).SendAfter > before);
            await other.TakeOverAsync();
        }

        release.SetResult(SmsOutcome.Accepted());
        await sending.UntilAsync(message.PhoneNumber, Delivery.Sent);
        Assert.That(gateway.Asked, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_text_that_could_not_be_held_is_broken_off_and_left_to_others()
    {
        var brokenOff = Gate();
        gateway.Answer = async (_, token) =>
        {
            await using var registration = token.Register(() => brokenOff.SetResult(SmsOutcome.Accepted()));
            await brokenOff.Task;
            return SmsOutcome.TryLater("broken off");
        };
        var stalled = await sending.StartAsync(gateway);
        var message = await stalled.SendAsync();
        await sending.UntilAsync(() => Task.FromResult(gateway.Asked.Count == 1));

        // It looks no longer for what nobody holds, else it would find this text itself.
        var end = stalled.Dispatcher.StopAsync(CancellationToken.None);
        sending.Clock.Advance(WithinPromise);
        await brokenOff.Task;
        await end;
        Assert.That((await sending.RowAsync(message.PhoneNumber)).Delivery, Is.EqualTo(Delivery.Queued));

        var other = new FakeGateway("One");
        await (await sending.StartAsync(other)).TakeOverAsync();
        await sending.UntilAsync(message.PhoneNumber, Delivery.Sent);
        Assert.That(other.Asked, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_code_that_was_replaced_is_not_tried_again()
    {
        gateway.Say(SmsOutcome.TryLater("503"));
        var instance = await sending.StartAsync(gateway);
        var first = await instance.SendAsync();
        await sending.UntilAsync(async () => (await sending.RowAsync(first.PhoneNumber)).Tries == 1);
        gateway.Say(SmsOutcome.Accepted());
        var second = await instance.SendAsync(first.PhoneNumber);
        await sending.UntilAsync(first.PhoneNumber, Delivery.Sent);
        sending.Clock.Advance(TimeSpan.FromMinutes(1));
        await instance.TakeOverAsync();
        Assert.That(gateway.Asked.Select(asked => asked.Id), Is.EqualTo(new[] { first.Id, second.Id }));
    }

    [Test]
    public async Task A_code_that_was_replaced_while_its_text_waited_is_not_sent()
    {
        var instance = await sending.StartAsync(gateway);
        var (first, queued) = await instance.RecordAsync();
        var second = await instance.SendAsync(first.PhoneNumber);
        sending.Clock.Advance(TimeSpan.FromSeconds(2));
        instance.Dispatcher.Send(first, queued);
        await sending.UntilAsync(first.PhoneNumber, Delivery.Sent);
        await instance.Dispatcher.StopAsync(CancellationToken.None);
        Assert.That(gateway.Asked.Select(asked => asked.Id), Is.EqualTo(new[] { second.Id }));
    }

    [Test]
    public async Task A_code_that_was_used_or_withdrawn_is_not_sent()
    {
        var instance = await sending.StartAsync(gateway);
        var (message, _) = await instance.RecordAsync();
        await using (var work = instance.Store.Begin())
        {
            (await work.Codes.LockAsync(message.PhoneNumber, CancellationToken.None))!.Withdraw(sending.Clock.UtcNow());
            await work.SaveAsync();
        }

        sending.Clock.Advance(WithinPromise);
        await instance.TakeOverAsync();
        await instance.Dispatcher.StopAsync(CancellationToken.None);
        Assert.That(gateway.Asked, Is.Empty);
        Assert.That((await sending.RowAsync(message.PhoneNumber)).SealedText, Is.Null);
    }

    [Test]
    public async Task A_code_that_has_expired_is_not_sent_and_its_text_is_wiped()
    {
        var instance = await sending.StartAsync(gateway);
        var (message, _) = await instance.RecordAsync();
        sending.Clock.Advance(TimeSpan.FromMinutes(5));
        await instance.TakeOverAsync();
        var row = await sending.UntilAsync(message.PhoneNumber, Delivery.Failed);
        Assert.That((row.SealedText, row.SendAfter), Is.EqualTo(((byte[]?)null, (DateTimeOffset?)null)));
        Assert.That(gateway.Asked, Is.Empty);
    }

    [Test]
    public async Task A_text_is_tried_again_with_growing_waits_until_it_is_taken()
    {
        gateway.Say(SmsOutcome.TryLater("503"));
        var instance = await sending.StartAsync(gateway);
        var message = await instance.SendAsync();
        var waits = new List<double>();
        for (var tries = 1; tries <= 5; tries++)
        {
            var asked = tries;
            await sending.UntilAsync(async () => (await sending.RowAsync(message.PhoneNumber)).Tries == asked);
            var due = (await sending.RowAsync(message.PhoneNumber)).SendAfter!.Value;
            waits.Add((due - sending.Clock.Now).TotalSeconds);
            sending.Clock.Advance(due - sending.Clock.Now);
            if (tries == 5)
            {
                gateway.Say(SmsOutcome.Accepted());
            }

            await instance.TakeOverAsync();
        }

        var row = await sending.UntilAsync(message.PhoneNumber, Delivery.Sent);
        Assert.That(row.Tries, Is.EqualTo(6));
        Assert.That(waits[0], Is.InRange(1.5, 2.5));
        Assert.That(waits[4], Is.GreaterThan(waits[1]).And.LessThan(40));
    }

    [Test]
    public async Task When_the_service_ends_what_is_under_way_arrives_and_is_recorded()
    {
        var release = Gate();
        gateway.Answer = async (_, _) => await release.Task;
        var instance = await sending.StartAsync(gateway);
        var message = await instance.SendAsync();
        await sending.UntilAsync(() => Task.FromResult(gateway.Asked.Count == 1));
        var end = instance.Dispatcher.StopAsync(CancellationToken.None);
        var (late, queued) = await instance.RecordAsync();
        instance.Dispatcher.Send(late, queued);
        Assert.That(end.IsCompleted, Is.False);
        release.SetResult(SmsOutcome.Accepted());
        await end;
        Assert.That((await sending.RowAsync(message.PhoneNumber)).Delivery, Is.EqualTo(Delivery.Sent));
        Assert.That((await sending.RowAsync(late.PhoneNumber)).Delivery, Is.EqualTo(Delivery.Queued));
    }

    [Test]
    public async Task A_database_that_fails_between_sending_and_recording_makes_no_double()
    {
        var release = Gate();
        gateway.Answer = async (_, token) => await release.Task.WaitAsync(token);
        var (one, two) = (await sending.StartAsync(gateway), await sending.StartAsync(gateway));
        var message = await one.SendAsync();
        await sending.UntilAsync(() => Task.FromResult(gateway.Asked.Count == 1));
        await RunAsync("ALTER TABLE verification_codes RENAME TO away");
        release.SetResult(SmsOutcome.Accepted());
        await sending.UntilAsync(() => Task.FromResult(two.Dispatcher.HasLostItsDatabase && one.Dispatcher.HasLostItsDatabase));
        sending.Clock.Advance(WithinPromise);
        await RunAsync("ALTER TABLE away RENAME TO verification_codes");
        await two.TakeOverAsync();
        await sending.UntilAsync(message.PhoneNumber, Delivery.Sent);
        sending.Clock.Advance(WithinPromise);
        await two.TakeOverAsync();
        Assert.That(gateway.Asked, Has.Count.EqualTo(1));

        var (orphan, _) = await one.RecordAsync();
        sending.Clock.Advance(WithinPromise);
        await two.TakeOverAsync();
        await sending.UntilAsync(orphan.PhoneNumber, Delivery.Sent);
    }

    private static TaskCompletionSource<SmsOutcome> Gate() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task RunAsync(string sql)
    {
        await using var context = sending.Database.Open();
        await context.Database.ExecuteSqlRawAsync(sql);
    }
}
