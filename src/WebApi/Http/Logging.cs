using System.Globalization;
using Microsoft.Extensions.Options;
using Serilog;
using Serilog.Core;
using Serilog.Events;
using Serilog.Extensions.Logging;
using Serilog.Formatting.Compact;
using Serilog.Settings.Configuration;
using ILogger = Microsoft.Extensions.Logging.ILogger;

namespace PhoneAuth.WebApi.Http;

/// <summary>Logs for people in Development, JSON for machines elsewhere.</summary>
internal static class Logging
{
    private const string Readable = "{Timestamp:HH:mm:ss.fff} {Level:u3} {Message:lj} {TraceId}{NewLine}{Exception}";
    private const string Levels = "Serilog:MinimumLevel";

    /// <summary>These write what callers send (paths, queries, headers) into their lines below Warning: they stay silent whatever the settings say.</summary>
    private static readonly string[] Talkative = ["Microsoft.AspNetCore", "Microsoft.EntityFrameworkCore", "Microsoft.IdentityModel", "System.Net.Http", "Npgsql"];

    public static void AddLogs(this WebApplicationBuilder builder, bool toStandardError = false)
    {
        CheckLevels(builder.Configuration);
        var settings = new LoggerConfiguration().ReadFrom.Configuration(
            builder.Configuration, new ConfigurationReaderOptions(typeof(ConsoleLoggerConfigurationExtensions).Assembly));
        foreach (var category in Talkative)
        {
            settings.MinimumLevel.Override(category, LogEventLevel.Warning);
        }

        // Of every exception that EF lets through it tells first, of each lost race too. One that matters is logged where it ends.
        settings.MinimumLevel.Override("Microsoft.EntityFrameworkCore", LogEventLevel.Fatal);

        // A setting may name a category more exactly than these do, and then it wins over them: not here.
        settings.Filter.ByExcluding(IsCallersTalk);

        // It reports each try to connect, before whoever tried does; a service that waits for its database says so once.
        settings.MinimumLevel.Override("Microsoft.EntityFrameworkCore.Database.Connection", LogEventLevel.Fatal);
        var errorsFrom = toStandardError ? LogEventLevel.Verbose : (LogEventLevel?)null;
        if (builder.Environment.IsDevelopment() || toStandardError)
        {
            settings.WriteTo.Console(outputTemplate: Readable, formatProvider: CultureInfo.InvariantCulture, standardErrorFromLevel: errorsFrom);
        }
        else
        {
            settings.WriteTo.Sink(new BufferedConsole(new RenderedCompactJsonFormatter(), Console.OpenStandardOutput(), TimeProvider.System));
        }

        builder.Logging.ClearProviders();
        builder.Logging.AddProvider(new Unscoped(new SerilogLoggerProvider(settings.CreateLogger(), dispose: true)));
    }

    private static bool IsCallersTalk(LogEvent logEvent) =>
        logEvent.Level < LogEventLevel.Warning
        && logEvent.Properties.TryGetValue(Constants.SourceContextPropertyName, out var source)
        && source is ScalarValue { Value: string category }
        && Array.Exists(Talkative, talkative => category.StartsWith(talkative, StringComparison.Ordinal));

    private static void CheckLevels(ConfigurationManager configuration)
    {
        var levels = configuration.GetSection(Levels).AsEnumerable().Where(level => level.Value is not null && !Enum.TryParse<LogEventLevel>(level.Value, ignoreCase: true, out _));
        if (levels.Select(level => $"{level.Key}: there is no level '{level.Value}'; there are {string.Join(", ", Enum.GetNames<LogEventLevel>())}.").ToList() is { Count: > 0 } wrong)
        {
            throw new OptionsValidationException(Levels, typeof(LogEventLevel), wrong);
        }
    }

    /// <summary>Holds another provider to what the console gets: the levels of the settings, and silence of the talkative whatever they say.</summary>
    public static void LimitTo<TProvider>(this ILoggingBuilder logging, IConfiguration configuration)
        where TProvider : ILoggerProvider
    {
        var least = LevelOf(configuration["Serilog:MinimumLevel:Default"] ?? configuration["Serilog:MinimumLevel"]);
        var overrides = configuration.GetSection("Serilog:MinimumLevel:Override").GetChildren()
            .Select(level => (Category: level.Key, Level: LevelOf(level.Value)))
            .OrderByDescending(level => level.Category.Length)
            .ToArray();
        logging.AddFilter<TProvider>((category, level) =>
        {
            var own = Array.Find(overrides, each => category?.StartsWith(each.Category, StringComparison.Ordinal) is true);
            return level >= (own.Category is null ? least : own.Level)
                && (level >= LogLevel.Warning || !Array.Exists(Talkative, talkative => category?.StartsWith(talkative, StringComparison.Ordinal) is true));
        });
    }

    private static LogLevel LevelOf(string? name) => (LogLevel)(Enum.TryParse<LogEventLevel>(name, ignoreCase: true, out var level) ? level : LogEventLevel.Information);

    /// <summary>
    /// Leaves out of every event what the framework would add of the request beside its trace: the path, which holds a phone number, and numbers of its own,
    /// the event's among them, which says what its text does. To add those was an eighth of all memory that a call took.
    /// </summary>
    private sealed class Unscoped(ILoggerProvider inner) : ILoggerProvider
    {
        public ILogger CreateLogger(string categoryName) => new UnscopedLogger(inner.CreateLogger(categoryName));

        public void Dispose() => inner.Dispose();
    }

    private sealed class UnscopedLogger(ILogger inner) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => inner.IsEnabled(logLevel);

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            inner.Log(logLevel, default, state, exception, formatter);
    }
}
