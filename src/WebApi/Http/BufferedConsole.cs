using System.Text;
using Serilog.Core;
using Serilog.Events;
using Serilog.Formatting;

namespace PhoneAuth.WebApi.Http;

/// <summary>
/// Writes lines to standard output, many at a time: a system call for each line costs more than its text. What is worth a warning goes out at
/// once, with all before it; the rest within <see cref="LongestWait"/> or when the process ends.
/// </summary>
internal sealed class BufferedConsole : ILogEventSink, IDisposable
{
    private const int BufferSize = 32 * 1024;
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(200);

    private readonly ITextFormatter formatter;
    private readonly Lock gate = new();
    private readonly StreamWriter output = new(Console.OpenStandardOutput(), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), BufferSize);
    private readonly Timer timer;
    private bool waiting;
    private bool ended;

    public BufferedConsole(ITextFormatter formatter)
    {
        this.formatter = formatter;
        timer = new Timer(_ => Flush(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Dispose();
    }

    public void Emit(LogEvent logEvent)
    {
        lock (gate)
        {
            if (ended)
            {
                return;
            }

            formatter.Format(logEvent, output);
            if (logEvent.Level >= LogEventLevel.Warning)
            {
                Flush();
            }
            else if (!waiting)
            {
                waiting = timer.Change(LongestWait, Timeout.InfiniteTimeSpan);
            }
        }
    }

    public void Dispose()
    {
        lock (gate)
        {
            if (!ended)
            {
                Flush();
                ended = true;
                timer.Dispose();
                output.Dispose();
            }
        }
    }

    private void Flush()
    {
        lock (gate)
        {
            waiting = false;
            if (ended)
            {
                return;
            }

            try
            {
                output.Flush();
            }
            catch (IOException)
            {
                // Whoever read the lines has gone: that ends the log, not the service.
                ended = true;
            }
        }
    }
}
