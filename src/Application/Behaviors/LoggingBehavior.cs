using System.Diagnostics;
using MediatR;
using Microsoft.Extensions.Logging;
using PhoneAuth.Application.Abstractions;
using PhoneAuth.Domain;

namespace PhoneAuth.Application.Behaviors;

/// <summary>One line and, where somebody listens, one span per use case: its name, its outcome, its milliseconds. Never the request.</summary>
internal sealed partial class LoggingBehavior<TRequest, TResponse>(ILogger<LoggingBehavior<TRequest, TResponse>> logger)
    : IPipelineBehavior<TRequest, TResponse>
    where TResponse : IResult<TResponse>
{
    public async Task<TResponse> Handle(TRequest request, CancellationToken cancellationToken, RequestHandlerDelegate<TResponse> next)
    {
        using var span = Telemetry.Spans.StartActivity(typeof(TRequest).Name);
        var start = Stopwatch.GetTimestamp();
        var response = await next();
        var outcome = response.Error?.Code ?? "ok";
        span?.SetTag("phoneauth.outcome", outcome);
        Handled(typeof(TRequest).Name, outcome, Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        return response;
    }

    [LoggerMessage(LogLevel.Information, "{UseCase:l} {Outcome:l} in {Elapsed:0.0} ms")]
    private partial void Handled(string useCase, string outcome, double elapsed);
}
