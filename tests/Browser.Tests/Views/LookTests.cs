using System.Diagnostics;
using System.Text.Json;
using Microsoft.Playwright;
using PhoneAuth.Browser.Tests.Harness;
using PhoneAuth.Testing;

namespace PhoneAuth.Browser.Tests.Views;

internal sealed class LookTests() : BrowserTest(DatabaseKind.Sqlite)
{
    [TestCase("en-GB")]
    [TestCase("ru-RU")]
    public async Task From_320_pixels_on_nothing_scrolls_sideways(string language)
    {
        await using var visitor = await VisitorAsync(new Habits { Language = language, Window = (320, 640) });
        var page = await visitor.OpenAsync();
        await Expect(page.Locator("#phone")).ToBeVisibleAsync();
        await AssertFitsAsync(page);
        await visitor.AskForCodeAsync(Service.NewNumber());
        await Expect(page.Locator("#code")).ToBeVisibleAsync();
        await AssertFitsAsync(page);
        await page.Locator("#code").FillAsync(Service.Code);
        await Expect(page.Locator(".session")).ToHaveCountAsync(1);
        foreach (var width in new[] { 320, 390, 600, 768, 960, 1024, 1920 })
        {
            await page.SetViewportSizeAsync(width, 800);
            await AssertFitsAsync(page);
        }
    }

    [Test]
    public async Task Motion_is_only_for_those_who_like_it()
    {
        await using var visitor = await VisitorAsync();
        var page = await visitor.OpenAsync();
        await Expect(page.Locator(".sign-in")).ToHaveCSSAsync("animation-name", "none");
        await page.EmulateMediaAsync(new PageEmulateMediaOptions { ReducedMotion = ReducedMotion.NoPreference });
        await Expect(page.Locator(".sign-in")).ToHaveCSSAsync("animation-name", "arrive");
    }

    [Test]
    public async Task The_first_view_is_small_and_soon_there()
    {
        await using var visitor = await VisitorAsync();
        await visitor.OpenAsync();
        await Expect(visitor.Page.Locator("#phone")).ToBeFocusedAsync();
        var page = await visitor.Context.NewPageAsync();
        var watch = Stopwatch.StartNew();
        await visitor.OpenAsync("/", page);
        await Expect(page.Locator("#phone")).ToBeFocusedAsync();
        var ready = watch.ElapsedMilliseconds;
        var entries = await page.EvaluateAsync<JsonElement>(
            "performance.getEntriesByType('resource').map(({ name, decodedBodySize }) => ({ name: new URL(name).pathname, bytes: decodedBodySize }))");
        var bytes = entries.EnumerateArray().Sum(entry => entry.GetProperty("bytes").GetInt32());
        var vitals = await page.EvaluateAsync<JsonElement>(
            """
            ({ contentful: Math.round(performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0),
               loaded: Math.round(performance.getEntriesByType('navigation')[0].loadEventEnd) })
            """);
        await TestContext.Out.WriteLineAsync($"Field ready after {ready} ms; {vitals}; {entries.GetArrayLength()} files, {bytes} bytes uncompressed");
        Assert.That(bytes, Is.LessThan(320 * 1024));
    }

    private static async Task AssertFitsAsync(IPage page) =>
        Assert.That(await page.EvaluateAsync<int>("document.documentElement.scrollWidth - innerWidth"), Is.LessThanOrEqualTo(0), $"{page.ViewportSize?.Width}");
}
