using FluentValidation;

namespace PhoneAuth.WebApi.Http;

/// <summary>How the service stops, from the root of the settings.</summary>
internal sealed record ShutdownOptions
{
    /// <summary>How long the whole stop may take: then what is still under way is broken off.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(25);

    /// <summary>How long the service, once told to stop, serves on as "not ready", so that whoever spreads requests can look elsewhere.</summary>
    public TimeSpan ShutdownDelay { get; init; }
}

internal sealed class ShutdownOptionsValidator : AbstractValidator<ShutdownOptions>
{
    /// <summary>Leaves ten seconds of <see cref="ShutdownOptions.Patience"/> to the requests that are still under way.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(15);

    public ShutdownOptionsValidator() => RuleFor(options => options.ShutdownDelay)
        .InclusiveBetween(TimeSpan.Zero, Longest).WithMessage("Set it to between 00:00:00 and 00:00:15.");
}

/// <summary>
/// What happens between the word to stop and the listener's end: the service says that it is not ready, ends every connection with its
/// next answer, and serves on for <see cref="ShutdownOptions.ShutdownDelay"/>. Then the server takes no more and finishes what it has.
/// </summary>
internal sealed partial class Drain(ShutdownOptions options, TimeProvider clock, ILogger<Drain> logger) : IHostedLifecycleService
{
    private volatile bool begun;

    /// <summary>Whether the service has been told to stop.</summary>
    public bool HasBegun => begun;

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        begun = true;
        Stopping(options.ShutdownDelay);
        await Task.Delay(options.ShutdownDelay, clock, cancellationToken);
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(LogLevel.Information, "Stopping: not ready from now on, the listener closes in {Delay}")]
    private partial void Stopping(TimeSpan delay);
}

/// <summary>Registers the stop, and lets requests take part in it.</summary>
internal static class DrainExtensions
{
    public static IServiceCollection AddDrain(this IServiceCollection services)
    {
        services.AddSingleton<Drain>();
        services.AddHostedService(provider => provider.GetRequiredService<Drain>());
        services.Configure<HostOptions>(host => host.ShutdownTimeout = ShutdownOptions.Patience);
        return services;
    }

    /// <summary>Ends each connection with the answer that is given while the service stops: a caller that keeps it could lose its next request.</summary>
    public static void UseDrain(this WebApplication app)
    {
        var drain = app.Services.GetRequiredService<Drain>();
        app.Use((context, next) =>
        {
            context.Response.OnStarting(() =>
            {
                // Later versions of HTTP have frames of their own for it.
                if (drain.HasBegun && (HttpProtocol.IsHttp11(context.Request.Protocol) || HttpProtocol.IsHttp10(context.Request.Protocol)))
                {
                    context.Response.Headers.Connection = "close";
                }

                return Task.CompletedTask;
            });
            return next(context);
        });
    }
}
