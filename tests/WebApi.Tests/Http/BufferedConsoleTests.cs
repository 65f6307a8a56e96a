using System.Text;
using PhoneAuth.WebApi.Http;
using Serilog.Events;
using Serilog.Formatting;
using Serilog.Parsing;

namespace PhoneAuth.WebApi.Tests.Http;

/// <summary>Lines that go out many at a time: none is lost, none overtakes another, and what matters does not wait.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class BufferedConsoleTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly Screen screen = new();
    private readonly HandMovedTimer clock = new();
    private readonly Text text = new();
    private readonly BufferedConsole console;

    public BufferedConsoleTests() => console = new BufferedConsole(text, screen, clock);

    public void Dispose()
    {
        text.Gate.Set();
        console.Dispose();
        screen.Dispose();
        text.Dispose();
    }

    [Test]
    public void A_line_waits_until_its_time_is_over()
    {
        Say("one");
        Assert.That(screen.Lines, Is.Empty);
        Assert.That(clock.Due, Is.EqualTo(BufferedConsole.LongestWait));
        clock.Ring();
        Assert.That(screen.Lines, Is.EqualTo(new[] { "one" }));
        clock.Due = null;
        Say("two");
        Assert.That(clock.Due, Is.EqualTo(BufferedConsole.LongestWait), "begun anew");
        clock.Ring();
        Assert.That(screen.Lines, Is.EqualTo(new[] { "one", "two" }));
    }

    [Test]
    public void The_wait_is_counted_from_the_first_line_on()
    {
        Say("one");
        clock.Due = null;
        Say("two");
        Assert.That(clock.Due, Is.Null, "not begun again");
    }

    [TestCase(LogEventLevel.Warning)]
    [TestCase(LogEventLevel.Error)]
    public void A_warning_goes_out_at_once_with_all_before_it(LogEventLevel level)
    {
        Say("one");
        Say("two", level);
        Assert.That(screen.Lines, Is.EqualTo(new[] { "one", "two" }));
    }

    [Test]
    public void What_waits_goes_out_at_the_end_and_nothing_after_it()
    {
        Say("one");
        console.Dispose();
        console.Dispose();
        Say("two", LogEventLevel.Error);
        clock.Ring();
        Assert.That(screen.Lines, Is.EqualTo(new[] { "one" }));
    }

    [Test]
    public void Of_many_that_write_at_once_every_line_goes_out_and_those_of_each_in_their_order()
    {
        const int writers = 4;
        const int lines = 5 * BufferedConsole.MostWaiting;
        Parallel.For(0, writers, new ParallelOptions { MaxDegreeOfParallelism = writers }, writer =>
        {
            for (var i = 0; i < lines; i++)
            {
                Say($"{writer} {i}");
            }
        });
        console.Dispose();
        var written = screen.Lines.Select(line => line.Split(' ')).ToLookup(words => words[0], words => words[1], StringComparer.Ordinal);
        Assert.That(written, Has.Count.EqualTo(writers));
        foreach (var own in written)
        {
            Assert.That(own, Is.EqualTo(Enumerable.Range(0, lines).Select(i => $"{i}")), own.Key);
        }
    }

    [Test]
    public void Text_is_made_elsewhere_until_too_many_wait_for_it()
    {
        text.Gate.Reset();
        for (var i = 0; i < BufferedConsole.Together; i++)
        {
            Say("one");
        }

        Assert.That(text.Begun.Wait(Patience), "by somebody else");
        for (var i = 0; i < BufferedConsole.MostWaiting - 1; i++)
        {
            Say("one");
        }

        Assert.That(text.Made, Is.Zero);
        text.Gate.Set();
        Say("one");
        Assert.That(text.Made, Is.EqualTo(BufferedConsole.Together + BufferedConsole.MostWaiting), "by now");
    }

    [Test]
    public void What_cannot_be_made_into_a_line_harms_no_other_and_nobody_who_writes()
    {
        Say("one");
        Say(Text.Impossible);
        Assert.DoesNotThrow(() => Say("two", LogEventLevel.Error));
        Assert.That(screen.Lines, Is.EqualTo(new[] { "one", "im", "two" }));
    }

    [Test]
    public void When_the_reader_has_gone_the_log_ends_and_nobody_fails()
    {
        screen.IsGone = true;
        Assert.DoesNotThrow(() => Say("one", LogEventLevel.Error));
        screen.IsGone = false;
        Say("two", LogEventLevel.Error);
        Assert.That(screen.Lines, Is.Empty);
    }

    private void Say(string line, LogEventLevel level = LogEventLevel.Information) =>
        console.Emit(new LogEvent(DateTimeOffset.UnixEpoch, level, null, new MessageTemplate(line, [new TextToken(line)]), []));

    private sealed class Text : ITextFormatter, IDisposable
    {
        public const string Impossible = "impossible";

        private int made;

        public ManualResetEventSlim Begun { get; } = new();

        public ManualResetEventSlim Gate { get; } = new(initialState: true);

        public int Made => Volatile.Read(ref made);

        public void Format(LogEvent logEvent, TextWriter output)
        {
            Begun.Set();
            Gate.Wait(Patience);
            if (logEvent.MessageTemplate.Text is Impossible)
            {
                output.Write("im");
                throw new InvalidOperationException("no words for it");
            }

            output.Write(logEvent.MessageTemplate.Text + "\n");
            Interlocked.Increment(ref made);
        }

        public void Dispose()
        {
            Begun.Dispose();
            Gate.Dispose();
        }
    }

    /// <summary>What somebody in front of the console has seen.</summary>
    private sealed class Screen : MemoryStream
    {
        public bool IsGone { get; set; }

        public IReadOnlyList<string> Lines => Encoding.UTF8.GetString(ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            ThrowIfGone();
            base.Write(buffer);
        }

        public override void Write(byte[] buffer, int offset, int count)
        {
            ThrowIfGone();
            base.Write(buffer, offset, count);
        }

        private void ThrowIfGone()
        {
            if (IsGone)
            {
                throw new IOException("Broken pipe");
            }
        }
    }

    /// <summary>A timer that rings when a test says so.</summary>
    private sealed class HandMovedTimer : TimeProvider, ITimer
    {
        private TimerCallback? callback;

        public TimeSpan? Due { get; set; }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            this.callback = callback;
            return this;
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            Due = dueTime;
            return true;
        }

        public void Ring() => callback!(null);

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
