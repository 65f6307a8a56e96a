using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace PhoneAuth.Testing;

/// <summary>Keeps what a service logs, as text, with its exceptions and every named value.</summary>
internal sealed class LogRecorder : ILoggerProvider
{
    private readonly ConcurrentQueue<string> lines = new();
    private readonly ConcurrentQueue<string> unseen = new();

    public IReadOnlyCollection<string> Lines => lines;

    /// <summary>Fails where a line that was logged since the last look holds what no log may hold.</summary>
    public void AssertNothingSecret()
    {
        while (unseen.TryDequeue(out var line))
        {
            Assert.That(LogRules.FaultOf(line), Is.Null);
        }
    }

    public ILogger CreateLogger(string categoryName) => new Recorder(categoryName, line =>
    {
        lines.Enqueue(line);
        unseen.Enqueue(line);
    });

    public void Dispose()
    {
    }

    private sealed class Recorder(string category, Action<string> record) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        // As the service's own logging: the framework from Warning on.
        public bool IsEnabled(LogLevel logLevel) =>
            logLevel >= (category.StartsWith("PhoneAuth", StringComparison.Ordinal) ? LogLevel.Debug : LogLevel.Warning);

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                record($"{logLevel} {category}: {formatter(state, exception)} {exception}");
            }
        }
    }
}
