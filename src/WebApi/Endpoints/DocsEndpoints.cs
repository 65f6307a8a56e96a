using System.Net.Mime;
using PhoneAuth.WebApi.Http;

namespace PhoneAuth.WebApi.Endpoints;

/// <summary>The OpenAPI document and ReDoc, which the service brings along: nothing is loaded from elsewhere.</summary>
internal static class DocsEndpoints
{
    private const string Unchanged = "no-cache";
    private const string ForADay = "public, max-age=86400";

    /// <summary>ReDoc makes its styles at run time and searches in a worker.</summary>
    private const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; worker-src blob:; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; connect-src 'self'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private const string Page =
        """
        <!doctype html>
        <html lang="en">
        <head>
          <meta charset="utf-8">
          <meta name="viewport" content="width=device-width, initial-scale=1">
          <meta name="referrer" content="no-referrer">
          <title>PhoneAuth API</title>
          <link rel="icon" href="/favicon.svg" type="image/svg+xml">
          <link rel="stylesheet" href="/docs/docs.css">
        </head>
        <body>
          <header><a href="/"><img src="/favicon.svg" alt="" width="28" height="28">PhoneAuth</a><span>API</span><a href="/openapi/v1.json" download>OpenAPI document</a></header>
          <main><redoc spec-url="/openapi/v1.json" hide-download-buttons disable-telemetry="true"></redoc></main>
          <script type="module" src="/docs/redoc.standalone.js"></script>
        </body>
        </html>
        """;

    /// <summary>The colours and the type of the page at <c>/</c>.</summary>
    private const string Style =
        """
        :root { --color-primary-base: #0a6b4d; --color-primary-hover: #085640; --color-primary-active: #085640; --link-color-primary-palette: #0a6b4d; }
        body { margin: 0; color: #14211b; background: #fff; font: 16px/1.5 system-ui, sans-serif; }
        header { display: flex; align-items: center; gap: 1rem; padding: .75rem 1.25rem; color: #f2fbf6; background: #0b5f46; }
        header a { display: inline-flex; align-items: center; gap: .6rem; color: inherit; font-weight: 650; text-decoration: none; }
        header a:last-child { margin-left: auto; font-weight: 400; text-decoration: underline; text-underline-offset: .2em; }
        header a:focus-visible { outline: 2px solid currentColor; outline-offset: 4px; border-radius: 4px; }
        """;

    public static void MapDocs(this WebApplication app)
    {
        app.MapGet($"/openapi/{OpenApiSetup.DocumentName}.json", async (ServedDocument document, HttpResponse response) =>
        {
            response.Headers.CacheControl = Unchanged;
            return Results.Bytes(await document.Bytes, MediaTypeNames.Application.Json + "; charset=utf-8");
        }).ExcludeFromDescription();
        app.MapGet("/docs", (HttpResponse response) =>
        {
            response.Headers.ContentSecurityPolicy = ContentSecurityPolicy;
            response.Headers.CacheControl = Unchanged;
            return Results.Content(Page, "text/html; charset=utf-8");
        }).ExcludeFromDescription();
        app.MapGet("/docs/docs.css", (HttpResponse response) =>
        {
            response.Headers.CacheControl = Unchanged;
            return Results.Content(Style, "text/css; charset=utf-8");
        }).ExcludeFromDescription();
        app.MapGet("/docs/redoc.standalone.js", (HttpResponse response) =>
        {
            response.Headers.CacheControl = ForADay;
            return Results.Bytes(RedocScript.Bytes, MediaTypeNames.Text.JavaScript + "; charset=utf-8");
        }).ExcludeFromDescription();
    }
}
