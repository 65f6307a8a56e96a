using System.Diagnostics;
using Microsoft.AspNetCore.Http.Features;

namespace PhoneAuth.WebApi.Http;

/// <summary>
/// The framework's span of a request, under the names of OpenTelemetry's conventions. The path is taken out of it, because paths hold phone
/// numbers; in its stead stands the route's template.
/// </summary>
internal sealed class RequestSpan(RequestDelegate next)
{
    private const string Path = "url.path";
    private const int FirstServerError = StatusCodes.Status500InternalServerError;

    public async Task InvokeAsync(HttpContext context)
    {
        if (context.Features.Get<IHttpActivityFeature>()?.Activity is not { IsAllDataRequested: true } span || !span.Source.HasListeners())
        {
            await next(context);
            return;
        }

        span.SetTag(Path, null);
        try
        {
            await next(context);
        }
        finally
        {
            Describe(span, context);
        }
    }

    private static void Describe(Activity span, HttpContext context)
    {
        var method = RequestLog.KnownMethod(context.Request.Method);
        var route = RequestLog.RouteOf(context);
        span.DisplayName = route is null ? method : $"{method} {route}";
        span.SetTag("http.request.method", method);
        span.SetTag("http.request.method_original", null);
        span.SetTag("http.route", route);
        span.SetTag(Path, route);
        span.SetTag("http.response.status_code", context.Response.StatusCode);
        if (context.Features.Get<RefusalFeature>()?.Code is { } refusal)
        {
            span.SetTag("error.type", refusal);
        }

        if (context.Response.StatusCode >= FirstServerError)
        {
            span.SetStatus(ActivityStatusCode.Error);
        }
    }
}
