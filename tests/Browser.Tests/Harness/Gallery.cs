using System.Text.Json;
using Deque.AxeCore.Commons;
using Microsoft.Playwright;

namespace PhoneAuth.Browser.Tests.Harness;

/// <summary>Keeps pictures of a view in both themes and two widths, under TestResults, and asks axe about each.</summary>
internal sealed class Gallery(string language)
{
    private static readonly string Axe = new BundledAxeScriptProvider().GetScript();
    private static readonly ColorScheme[] Themes = [ColorScheme.Light, ColorScheme.Dark];
    private static readonly (int Width, int Height)[] Windows = [(360, 760), (1280, 800)];

    public async Task KeepAsync(IPage page, string view)
    {
        foreach (var (width, height) in Windows)
        {
            await page.SetViewportSizeAsync(width, height);
            foreach (var theme in Themes)
            {
                await page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = theme });
                var name = $"{view}-{language}-{width}-{theme}".ToLowerInvariant();
                await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(Folder(), name + ".png"), FullPage = true });
                Assert.That(await SeriousAsync(page), Is.Empty, name);
                Assert.That(await page.EvaluateAsync<int>("document.documentElement.scrollWidth - innerWidth"), Is.LessThanOrEqualTo(0), $"{name} scrolls sideways");
            }
        }
    }

    /// <summary>What axe calls serious or critical: "rule: where", one a line.</summary>
    public static async Task<IReadOnlyList<string>> SeriousAsync(IPage page)
    {
        // Injected by the debugger, which no Content-Security-Policy stops.
        await page.EvaluateAsync(Axe);
        var found = await page.EvaluateAsync<JsonElement>("axe.run(document, { resultTypes: ['violations'] })");
        return [.. found.GetProperty("violations").EnumerateArray()
            .Where(violation => violation.GetProperty("impact").GetString() is "serious" or "critical")
            .Select(violation => $"{violation.GetProperty("id").GetString()}: {violation.GetProperty("nodes")}")];
    }

    private static string Folder()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Browser.Tests.csproj")))
        {
            folder = folder.Parent!;
        }

        return Directory.CreateDirectory(Path.Combine(folder.FullName, "TestResults", "pictures")).FullName;
    }
}
