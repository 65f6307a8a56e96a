using System.Text;
using Serilog.Core;
using Serilog.Debugging;
using Serilog.Events;
using Serilog.Formatting;

namespace PhoneAuth.WebApi.Http;

/// <summary>
/// Writes lines to standard output, many at a time: a system call for each line costs more than its text, and so does a text that is made between other
/// work, while others wait to have theirs made. What is worth a warning goes out at once, with all before it; the rest within
/// <see cref="LongestWait"/> or when the process ends. Of the rest nobody waits for text to be made, unless <see cref="MostWaiting"/> wait for it.
/// </summary>
internal sealed class BufferedConsole : ILogEventSink, IThreadPoolWorkItem, IDisposable
{
    private const int BufferSize = 32 * 1024;

    /// <summary>So many events are made into text together.</summary>
    public const int Together = 64;

    /// <summary>So many wait at most; whoever comes with the last of them makes the text of all.</summary>
    public const int MostWaiting = 16 * Together;

    public static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(200);

    private readonly ITextFormatter formatter;
    private readonly StreamWriter output;
    private readonly ITimer timer;

    /// <summary>Held by who makes text of what came, and always before the other one.</summary>
    private readonly Lock writing = new();
    private readonly Lock gate = new();
    private List<LogEvent> came = new(Together);
    private List<LogEvent> written = new(Together);
    private bool waiting;
    private bool ended;

    /// <param name="formatter">Makes an event into a line.</param>
    /// <param name="output">Where to.</param>
    /// <param name="clock">Measures how long lines have waited.</param>
    public BufferedConsole(ITextFormatter formatter, Stream output, TimeProvider clock)
    {
        this.formatter = formatter;
        this.output = new StreamWriter(output, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), BufferSize);
        timer = clock.CreateTimer(_ => Write(flush: true), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Dispose();
    }

    public void Emit(LogEvent logEvent)
    {
        int count;
        lock (gate)
        {
            if (ended)
            {
                return;
            }

            came.Add(logEvent);
            count = came.Count;
            if (!waiting)
            {
                waiting = timer.Change(LongestWait, Timeout.InfiniteTimeSpan);
            }
        }

        if (logEvent.Level >= LogEventLevel.Warning)
        {
            Write(flush: true);
        }
        else if (count >= MostWaiting)
        {
            Write(flush: false);
        }
        else if (count == Together)
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    public void Execute() => Write(flush: false);

    public void Dispose()
    {
        Write(flush: true);
        lock (writing)
        {
            if (!ended)
            {
                ended = true;
                timer.Dispose();
                output.Dispose();
            }
        }
    }

    private void Write(bool flush)
    {
        lock (writing)
        {
            lock (gate)
            {
                (came, written) = (written, came);
                waiting &= !flush;
            }

            if (!ended)
            {
                try
                {
                    foreach (var logEvent in written)
                    {
                        Write(logEvent);
                    }

                    if (flush)
                    {
                        output.Flush();
                    }
                }
                catch (IOException)
                {
                    // Whoever read the lines has gone: that ends the log, not the service.
                    ended = true;
                }
            }

            written.Clear();
        }
    }

    private void Write(LogEvent logEvent)
    {
        try
        {
            formatter.Format(logEvent, output);
        }
        catch (Exception exception) when (exception is not IOException)
        {
            // Whoever is told of it here has nothing to do with it, and the service could not go on without that thread.
            SelfLog.WriteLine("An event could not be made into a line: {0}", exception);
            output.Write('\n');
        }
    }
}
