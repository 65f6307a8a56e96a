using Microsoft.Playwright;
using PhoneAuth.Browser.Tests.Harness;
using PhoneAuth.Testing;

namespace PhoneAuth.Browser.Tests.Views;

internal sealed class SecurityTests() : BrowserTest(DatabaseKind.Sqlite)
{
    private const string Hostile = "<img src=x onerror=alert(1)>";

    [Test]
    public async Task What_strangers_write_is_text_and_nothing_else()
    {
        var person = await Service.SignInAsync(deviceName: Hostile);
        await Service.SignInAsync(person.PhoneNumber, userAgent: "<script>alert(2)</script> Firefox");
        await using var visitor = await VisitorAsync(signedIn: person);
        var page = visitor.Page;
        page.Dialog += async (_, dialog) => await dialog.DismissAsync();
        await visitor.OpenAsync("/?invite=" + Uri.EscapeDataString("\"><script>alert(3)</script>"));
        await Expect(page.Locator(".session")).ToHaveCountAsync(2);
        await Expect(page.GetByText(Hostile)).ToBeVisibleAsync();
        await Expect(page.Locator("#invite-code")).ToHaveValueAsync("");
        Assert.That(await page.Locator("main img, main script").CountAsync(), Is.Zero);
    }

    [Test]
    public async Task A_script_that_got_into_the_page_would_not_run()
    {
        await using var visitor = await VisitorAsync();
        var page = await visitor.OpenAsync();
        var refused = await page.EvaluateAsync<string>(
            """
            () => new Promise(resolve => {
              addEventListener('securitypolicyviolation', event => resolve(event.effectiveDirective));
              const script = document.createElement('script');
              script.textContent = 'globalThis.ran = true';
              document.body.append(script);
            })
            """);
        Assert.That(refused, Is.EqualTo("script-src-elem"));
        Assert.That(await page.EvaluateAsync<bool>("Boolean(globalThis.ran)"), Is.False);
        visitor.Forgive("Content Security Policy");
    }

    [Test]
    public async Task No_other_site_can_frame_the_page()
    {
        await using var visitor = await VisitorAsync();
        await visitor.Page.SetContentAsync($"<iframe src='{Service.Address}'></iframe>");
        await Expect(visitor.Page.FrameLocator("iframe").Locator("#phone")).ToHaveCountAsync(0);
        Assert.That(visitor.Page.Frames[1].Url, Does.StartWith("chrome-error:"));
        visitor.Forgive("frame-ancestors");
    }

    [TestCase("/")]
    [TestCase("/docs")]
    public async Task Nothing_is_asked_of_another_host(string path)
    {
        await using var visitor = await VisitorAsync();
        var elsewhere = new List<string>();
        await visitor.Context.RouteAsync(
            url => !url.StartsWith(Service.Address.ToString(), StringComparison.Ordinal) && !url.StartsWith("data:", StringComparison.Ordinal) && !url.StartsWith("blob:", StringComparison.Ordinal),
            async route =>
            {
                elsewhere.Add(route.Request.Url);
                await route.AbortAsync();
            });
        await visitor.OpenAsync(path);
        if (path == "/docs")
        {
            await visitor.Page.GetByRole(AriaRole.Link, new() { Name = "Sign-in" }).ClickAsync();
        }

        await Expect(visitor.Page.GetByText(path == "/" ? "Sign in with your phone" : "Send Code").First).ToBeVisibleAsync();
        await visitor.Page.WaitForLoadStateAsync(LoadState.NetworkIdle);
        Assert.That(elsewhere, Is.Empty);
    }
}
