using PhoneAuth.Browser.Tests.Harness;
using PhoneAuth.Testing;

namespace PhoneAuth.Browser.Tests.SignIn;

internal sealed class ConnectionTests() : BrowserTest(DatabaseKind.Sqlite)
{
    [TestCase("en-GB", "You are offline.", "No connection to the service.")]
    [TestCase("ru-RU", "Нет подключения к сети.", "Нет связи с сервисом.")]
    public async Task Without_a_network_the_page_says_so_and_goes_on_when_it_is_back(string language, string banner, string problem)
    {
        await using var visitor = await VisitorAsync(new Habits { Language = language });
        var page = await visitor.OpenAsync();
        await Expect(page.Locator("#phone")).ToBeVisibleAsync();
        await visitor.Context.SetOfflineAsync(true);
        await Expect(page.Locator(".offline")).ToContainTextAsync(banner);
        await visitor.AskForCodeAsync(Service.NewNumber());
        await Expect(page.Locator("#phone-problem")).ToContainTextAsync(problem);
        await visitor.Context.SetOfflineAsync(false);
        await Expect(page.Locator(".offline")).ToHaveCountAsync(0);
        await page.Locator("form .button").ClickAsync();
        await page.Locator("#code").FillAsync(Service.Code);
        await Expect(page.Locator(".profile")).ToBeVisibleAsync();
    }

    [Test]
    public async Task A_service_that_is_gone_is_told_wherever_it_is_asked()
    {
        await using var gone = await Service.StartAsync(DatabaseKind.Sqlite);
        var person = await gone.SignInAsync();
        await using var visitor = await Visitor.ComeAsync(gone, signedIn: person);
        await using var stranger = await Visitor.ComeAsync(gone);
        await visitor.OpenAsync();
        await Expect(visitor.Page.Locator(".session")).ToHaveCountAsync(1);
        await stranger.OpenAsync();
        await stranger.AskForCodeAsync(gone.NewNumber());
        await Expect(stranger.Page.Locator("#code")).ToBeVisibleAsync();
        await gone.DisposeAsync();

        await stranger.Page.Locator("#code").FillAsync(Service.Code);
        await Expect(stranger.Page.Locator("#code-problem")).ToContainTextAsync("No connection to the service.");
        await visitor.Page.Locator("#invite-code").FillAsync("K7M2QX");
        await visitor.Page.Keyboard.PressAsync("Enter");
        await Expect(visitor.Page.Locator("#activate-problem")).ToContainTextAsync("No connection to the service.");
        await visitor.Page.Locator(".danger-zone button").ClickAsync();
        await visitor.Page.Locator("dialog [value=yes]").ClickAsync();
        await Expect(visitor.Page.Locator("#delete-problem")).ToContainTextAsync("No connection to the service.");
    }

    [Test]
    public async Task A_profile_that_cannot_be_had_may_be_asked_for_again()
    {
        await using var visitor = await VisitorAsync(signedIn: await Service.SignInAsync());
        await visitor.Context.RouteAsync("**/profile", route => route.AbortAsync());
        var page = await visitor.OpenAsync();
        await Expect(page.Locator("#profile-problem")).ToContainTextAsync("No connection to the service.");
        await visitor.Context.UnrouteAllAsync();
        await page.GetByText("Try again", new() { Exact = true }).ClickAsync();
        await Expect(page.Locator(".profile")).ToBeVisibleAsync();
    }
}
