using Swashbuckle.AspNetCore.ReDoc;

namespace PhoneAuth.WebApi.Endpoints;

/// <summary>The OpenAPI document and ReDoc, which the service brings along: nothing is loaded from elsewhere.</summary>
internal static class DocsEndpoints
{
    private const string Script = "redoc.standalone.js";

    /// <summary>ReDoc makes its styles at run time and searches in a worker.</summary>
    private const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; worker-src blob:; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private const string Page =
        """
        <!doctype html>
        <html lang="en">
        <head>
          <meta charset="utf-8">
          <meta name="viewport" content="width=device-width, initial-scale=1">
          <title>PhoneAuth API</title>
        </head>
        <body>
          <redoc spec-url="/openapi/v1.json" hide-download-button></redoc>
          <script src="/docs/redoc.standalone.js"></script>
        </body>
        </html>
        """;

    public static void MapDocs(this WebApplication app)
    {
        app.MapOpenApi("/openapi/{documentName}.json").AddEndpointFilter(async (context, next) =>
        {
            context.HttpContext.Response.Headers.CacheControl = "no-cache";
            return await next(context);
        });
        app.MapGet("/docs", (HttpResponse response) =>
        {
            response.Headers.ContentSecurityPolicy = ContentSecurityPolicy;
            response.Headers.CacheControl = "no-cache";
            return Results.Content(Page, "text/html; charset=utf-8");
        }).ExcludeFromDescription();
        app.MapGet($"/docs/{Script}", (HttpResponse response) =>
        {
            response.Headers.CacheControl = "public, max-age=86400";
            var assembly = typeof(ReDocOptions).Assembly;
            var name = assembly.GetManifestResourceNames().Single(resource => resource.EndsWith(Script, StringComparison.Ordinal));
            return Results.Stream(assembly.GetManifestResourceStream(name)!, "text/javascript; charset=utf-8");
        }).ExcludeFromDescription();
    }
}
