using Microsoft.Extensions.Logging;
using PhoneAuth.Domain.PhoneNumbers;
using PhoneAuth.Infrastructure.Sms;

namespace PhoneAuth.Infrastructure.Tests.Sms;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public class SimulatedSmsGatewayTests
{
    private static readonly SmsMessage Message = new(
        Guid.NewGuid(), PhoneNumber.FromStorage("+79001234567"), "0427 is your sign-in code.", "0427", "en", new DateTimeOffset(2026, 11, 22, 9, 35, 0, TimeSpan.Zero));

    private readonly DevInbox inbox = new();
    private readonly SteppedClock clock = new();
    private readonly Lines lines = new();

    [Test]
    public async Task It_takes_as_long_as_it_is_told_and_only_then_delivers()
    {
        var sending = Send(TimeSpan.FromSeconds(2));
        clock.Advance(TimeSpan.FromSeconds(2) - TimeSpan.FromTicks(1));
        Assert.That((sending.IsCompleted, inbox.Read(null).Count), Is.EqualTo((false, 0)));
        clock.Advance(TimeSpan.FromTicks(1));
        Assert.That((await sending).Result, Is.EqualTo(SmsResult.Accepted));
        Assert.That(inbox.Read("+79001234567").Single(), Is.EqualTo(new InboxMessage("+79001234567", Message.Text, "0427", SteppedClock.Start.AddSeconds(2))));
    }

    [Test]
    public async Task It_writes_one_line_with_the_number_masked_and_never_the_code()
    {
        await Send(TimeSpan.Zero);
        Assert.That(lines.All.Single(), Does.Contain("+7900•••4567").And.Contain(Message.Id.ToString()).And.Not.Contain("0427").And.Not.Contain("79001234567"));
    }

    [Test]
    public async Task When_the_service_ends_nothing_is_delivered_any_more()
    {
        using var ending = new CancellationTokenSource();
        var sending = Send(TimeSpan.FromSeconds(2), ending.Token);
        await ending.CancelAsync();
        Assert.That(async () => await sending, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(inbox.Read(null), Is.Empty);
    }

    private Task<SmsOutcome> Send(TimeSpan delay, CancellationToken cancellationToken = default) =>
        new SimulatedSmsGateway(new SimulatedSmsOptions { Delay = delay }, inbox, clock, lines).SendAsync(Message, cancellationToken);

    private sealed class Lines : ILogger<SimulatedSmsGateway>
    {
        public List<string> All { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            All.Add(formatter(state, exception));
    }

    /// <summary>A clock whose timers, too, run when a test moves it.</summary>
    private sealed class SteppedClock : TimeProvider
    {
        public static readonly DateTimeOffset Start = new(2026, 11, 22, 9, 30, 0, TimeSpan.Zero);
        private readonly List<(DateTimeOffset Due, TimerCallback Callback, object? State)> timers = [];
        private DateTimeOffset now = Start;

        public override DateTimeOffset GetUtcNow() => now;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            timers.Add((now + dueTime, callback, state));
            return new Armed();
        }

        public void Advance(TimeSpan time)
        {
            now += time;
            foreach (var timer in timers.FindAll(timer => timer.Due <= now))
            {
                timers.Remove(timer);
                timer.Callback(timer.State);
            }
        }

        private sealed class Armed : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => true;

            public void Dispose()
            {
            }

            public ValueTask DisposeAsync() => ValueTask.CompletedTask;
        }
    }
}
