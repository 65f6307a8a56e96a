namespace PhoneAuth.WebApi.Endpoints;

/// <summary>What the simulated gateway has delivered, for people who try things out: a page that refreshes by itself. Where the inbox is off, there is none.</summary>
internal static class InboxPage
{
    private const string Page =
        """
        <!doctype html>
        <html lang="en">
        <head>
          <meta charset="utf-8">
          <meta name="viewport" content="width=device-width, initial-scale=1">
          <meta name="color-scheme" content="light dark">
          <meta name="referrer" content="no-referrer">
          <title>Inbox · PhoneAuth</title>
          <link rel="icon" href="/favicon.svg" type="image/svg+xml">
          <link rel="stylesheet" href="/css/base.css">
          <link rel="stylesheet" href="/css/inbox.css">
          <script type="module" src="/js/inbox-page.js"></script>
        </head>
        <body>
          <header class="top"><a class="brand" href="/"><img src="/favicon.svg" alt="" width="32" height="32">PhoneAuth</a></header>
          <main class="inbox">
            <h1>Inbox</h1>
            <p id="state" role="status"></p>
            <ol id="messages" class="texts" aria-label="Texts, newest first"></ol>
          </main>
          <noscript><p class="noscript">This page needs JavaScript; <a href="/dev/messages">/dev/messages</a> does not.</p></noscript>
        </body>
        </html>
        """;

    public static void MapInboxPage(this IEndpointRouteBuilder app) =>
        app.MapGet("/dev/inbox", () => Results.Content(Page, "text/html; charset=utf-8")).ExcludeFromDescription();
}
