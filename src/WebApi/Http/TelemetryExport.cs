using FluentValidation;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using PhoneAuth.Application.Abstractions;
using PhoneAuth.Infrastructure.Settings;

namespace PhoneAuth.WebApi.Http;

/// <summary>Where telemetry goes, by the variables that every OpenTelemetry exporter reads; the exporter itself reads the others.</summary>
internal sealed record TelemetryOptions
{
    /// <summary>The collector's URL; nothing is exported without it.</summary>
    [ConfigurationKeyName(TelemetryExport.EndpointSetting)]
    public string? Endpoint { get; init; }
}

internal sealed class TelemetryOptionsValidator : AbstractValidator<TelemetryOptions>
{
    public TelemetryOptionsValidator() => RuleFor(options => options.Endpoint)
        .Must(endpoint => string.IsNullOrEmpty(endpoint) || (Uri.TryCreate(endpoint, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"))
        .OverridePropertyName(TelemetryExport.EndpointSetting)
        .WithMessage("This is not the http(s) URL of a collector.");
}

/// <summary>Metrics, traces and logs over OTLP, when a collector is named.</summary>
internal static class TelemetryExport
{
    public const string EndpointSetting = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private const string ServiceName = "phoneauth";

    /// <summary>The framework describes each request's span by the conventions; <see cref="RequestSpan"/> takes the path out again.</summary>
    private const string PlainSpans = "Microsoft.AspNetCore.Hosting.SuppressActivityOpenTelemetryData";

    /// <summary>Meters of ours and of what we stand on, with the standard's names.</summary>
    private static readonly string[] Meters =
        [Telemetry.Name, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "Microsoft.AspNetCore.RateLimiting", "System.Runtime", "Npgsql"];

    /// <summary>Sources of spans: HTTP, use cases and gateways, the database. Not the HTTP client's: its URLs may hold a gateway's password.</summary>
    private static readonly string[] Sources = [Telemetry.Name, "Microsoft.AspNetCore", "Npgsql"];

    public static void AddTelemetryExport(this WebApplicationBuilder builder)
    {
        AppContext.SetSwitch(PlainSpans, isEnabled: false);
        builder.Services.AddSettings<TelemetryOptions>(builder.Configuration, "");
        if (string.IsNullOrEmpty(builder.Configuration[EndpointSetting]))
        {
            return;
        }

        builder.Logging.AddOpenTelemetry(logs =>
        {
            // Scopes hold the request's path.
            logs.IncludeScopes = false;
            logs.IncludeFormattedMessage = true;
            logs.SetResourceBuilder(Resource()).AddOtlpExporter();
        });
        builder.Logging.LimitTo<OpenTelemetryLoggerProvider>(builder.Configuration);
        builder.Services.AddHostedService<Export>();
    }

    private static ResourceBuilder Resource() => ResourceBuilder.CreateEmpty()
        .AddService(ServiceName, serviceVersion: typeof(TelemetryExport).Assembly.GetName().Version!.ToString(3))
        .AddTelemetrySdk()
        .AddEnvironmentVariableDetector();

    /// <summary>Exports from the service's start to its end; what is left then is sent on the way out.</summary>
    private sealed class Export(IConfiguration configuration) : IHostedService, IDisposable
    {
        private MeterProvider? meters;
        private TracerProvider? tracers;

        public Task StartAsync(CancellationToken cancellationToken)
        {
            meters = Sdk.CreateMeterProviderBuilder()
                .ConfigureServices(services => services.AddSingleton(configuration))
                .SetResourceBuilder(Resource())
                .AddMeter(Meters)
                .AddOtlpExporter()
                .Build();
            tracers = Sdk.CreateTracerProviderBuilder()
                .ConfigureServices(services => services.AddSingleton(configuration))
                .SetResourceBuilder(Resource())
                .AddSource(Sources)
                .AddOtlpExporter()
                .Build();
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public void Dispose()
        {
            meters?.Dispose();
            tracers?.Dispose();
        }
    }
}
