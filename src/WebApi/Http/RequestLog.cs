using System.Diagnostics;
using Microsoft.AspNetCore.Diagnostics;

namespace PhoneAuth.WebApi.Http;

/// <summary>One line per request: method, route template, status, milliseconds. Never a path: paths hold phone numbers.</summary>
internal sealed partial class RequestLog(RequestDelegate next, ILogger<RequestLog> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        var start = Stopwatch.GetTimestamp();
        try
        {
            await next(context);
        }
        finally
        {
            var route = RouteOf(context) ?? "(none)";
            var refusal = context.Features.Get<RefusalFeature>()?.Code ?? "ok";
            Answered(KnownMethod(context.Request.Method), route, context.Response.StatusCode, refusal, Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }
    }

    /// <summary>The template of the route that a request took; null where there is none.</summary>
    public static string? RouteOf(HttpContext context)
    {
        var endpoint = context.GetEndpoint() ?? context.Features.Get<IExceptionHandlerFeature>()?.Endpoint;
        return (endpoint as RouteEndpoint)?.RoutePattern.RawText?.TrimEnd('/');
    }

    // A method is any word that a caller likes: only those that we know are repeated.
    public static string KnownMethod(string method) =>
        method is "GET" or "POST" or "DELETE" or "HEAD" or "OPTIONS" or "PUT" or "PATCH" ? method : "(other)";

    [LoggerMessage(LogLevel.Information, "{Method:l} {Route:l} {Status} {Outcome:l} in {Elapsed:0.0} ms")]
    private partial void Answered(string method, string route, int status, string outcome, double elapsed);
}
