namespace PhoneAuth.WebApi.Http;

/// <summary>What every answer tells a browser: guess nothing, frame nothing, keep nothing, load nothing but what is ours.</summary>
internal static class SecurityHeaders
{
    private const string OfData = "default-src 'none'; frame-ancestors 'none'";

    private const string OfPages =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    public static IApplicationBuilder UseSecurityHeaders(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        context.Response.OnStarting(
            static state =>
            {
                var response = (HttpResponse)state;
                var headers = response.Headers;
                headers.XContentTypeOptions = "nosniff";
                headers["Referrer-Policy"] = "no-referrer";
                headers.XFrameOptions = "DENY";
                if (headers.ContentSecurityPolicy.Count == 0)
                {
                    var isPage = response.ContentType?.StartsWith("text/html", StringComparison.OrdinalIgnoreCase) ?? false;
                    headers.ContentSecurityPolicy = isPage ? OfPages : OfData;
                }

                if (headers.CacheControl.Count == 0 || headers.CacheControl.ToString().Contains("no-store", StringComparison.Ordinal))
                {
                    headers.CacheControl = "no-store";
                    headers.Remove("Pragma");
                    headers.Remove("Expires");
                }

                return Task.CompletedTask;
            },
            context.Response);
        return next(context);
    });
}
