using PhoneAuth.Browser.Tests.Harness;
using PhoneAuth.Testing;

namespace PhoneAuth.Browser.Tests.Tabs;

internal sealed class TabsTests() : BrowserTest(DatabaseKind.Sqlite)
{
    [Test]
    public async Task Two_tabs_refresh_once_between_them()
    {
        await using var visitor = await VisitorAsync(signedIn: await Service.SignInAsync());
        var other = await visitor.Context.NewPageAsync();
        await visitor.OpenAsync();
        await visitor.OpenAsync("/", other);
        await Expect(visitor.Page.Locator(".session")).ToHaveCountAsync(1);
        await Expect(other.Locator(".session")).ToHaveCountAsync(1);
        Service.Clock.Advance(TimeSpan.FromMinutes(11));

        // Both read their profile and their sessions anew, at the same time, with a token that has died.
        await Task.WhenAll(visitor.Page.ReloadAsync(), other.ReloadAsync());
        await Expect(visitor.Page.Locator(".session")).ToHaveCountAsync(1);
        await Expect(other.Locator(".session")).ToHaveCountAsync(1);
        Assert.That(visitor.Requests.Count(url => url.EndsWith("/refresh-token", StringComparison.Ordinal)), Is.EqualTo(1));
    }

    [Test]
    public async Task What_one_tab_does_the_other_follows()
    {
        await using var visitor = await VisitorAsync();
        var other = await visitor.Context.NewPageAsync();
        await visitor.OpenAsync();
        await visitor.OpenAsync("/", other);
        await Expect(other.Locator("#phone")).ToBeVisibleAsync();
        await visitor.SignInAsync(Service.NewNumber());
        await Expect(other.Locator(".profile")).ToBeVisibleAsync();
        await other.Locator(".who button").ClickAsync();
        await Expect(visitor.Page.Locator("#phone")).ToBeVisibleAsync();
        await Expect(visitor.Page.Locator("#live")).ToHaveTextAsync("You were signed out. Sign in again to go on.");
    }
}
