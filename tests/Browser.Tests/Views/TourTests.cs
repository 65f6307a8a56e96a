using PhoneAuth.Browser.Tests.Harness;
using PhoneAuth.Testing;

namespace PhoneAuth.Browser.Tests.Views;

/// <summary>Every view in both themes, narrow and wide: a picture of each, and what axe finds in it.</summary>
[TestFixture("en-GB")]
[TestFixture("ru-RU")]
internal sealed class TourTests(string language) : BrowserTest(DatabaseKind.Sqlite)
{
    private readonly Habits habits = new() { Language = language };

    private Gallery Gallery => new(language[..2]);

    [Test]
    public async Task Signing_in()
    {
        using var all = Assert.EnterMultipleScope();
        var inviter = await Service.SignInAsync();
        await using var visitor = await VisitorAsync(habits);
        var page = await visitor.OpenAsync();
        await Expect(page.Locator("#phone")).ToBeFocusedAsync();
        await Gallery.KeepAsync(page, "01-phone");
        await visitor.AskForCodeAsync("+7 123");
        await Expect(page.Locator("#phone-problem")).ToBeVisibleAsync();
        await Gallery.KeepAsync(page, "02-phone-wrong");
        await visitor.OpenAsync("/?invite=" + inviter.InviteCode);
        await Expect(page.Locator(".note")).ToBeVisibleAsync();
        await Gallery.KeepAsync(page, "03-phone-invited");
        await visitor.AskForCodeAsync("9057654321");
        await Expect(page.Locator(".dev b")).ToBeVisibleAsync();
        await Gallery.KeepAsync(page, "04-code");
        var code = await page.Locator(".dev b").TextContentAsync();
        await page.Locator("#code").FillAsync(code == "1111" ? "2222" : "1111");
        await Expect(page.Locator("#code-problem")).ToBeVisibleAsync();
        await Gallery.KeepAsync(page, "05-code-wrong");
        await page.Locator(".dev button").ClickAsync();
        await Expect(page.Locator(".profile .qr svg")).ToBeVisibleAsync();
        await Gallery.KeepAsync(page, "06-profile-new");
    }

    [Test]
    public async Task Being_signed_in()
    {
        using var all = Assert.EnterMultipleScope();
        var inviter = await Service.SignInAsync();
        var person = await Service.SignInAsync(deviceName: "Firefox · Linux");
        await Service.SignInAsync(person.PhoneNumber, "Chrome · Windows");
        await Service.SignInAsync(person.PhoneNumber, "A very long name that somebody gave to a device of theirs, truly");
        await Service.ActivateAsync(person, inviter.InviteCode);
        for (var guest = 0; guest < 12; guest++)
        {
            Service.Clock.Advance(TimeSpan.FromMinutes(Math.Pow(2, 12 - guest)));
            await Service.ActivateAsync(await Service.SignInAsync(), person.InviteCode);
        }

        Service.Clock.Advance(TimeSpan.FromMinutes(2));
        person = await Service.SignInAsync(person.PhoneNumber, "Safari · iPhone");
        await using var visitor = await VisitorAsync(habits, person);
        var page = await visitor.OpenAsync();
        await Expect(page.Locator(".profile .qr svg")).ToBeVisibleAsync();
        await Expect(page.Locator(".session")).ToHaveCountAsync(4);
        await Gallery.KeepAsync(page, "07-profile");
        await page.Locator(".danger-zone button").ClickAsync();
        await Expect(page.Locator("dialog")).ToBeVisibleAsync();
        await Gallery.KeepAsync(page, "08-delete");
        await page.Keyboard.PressAsync("Escape");
        await visitor.Context.SetOfflineAsync(true);
        await Expect(page.Locator(".offline")).ToBeVisibleAsync();
        await page.Locator(".hero .button").Nth(2).ClickAsync();
        await page.Locator("dialog button[value=yes]").ClickAsync();
        await Expect(page.Locator("#invite-problem")).ToBeVisibleAsync();
        await Gallery.KeepAsync(page, "09-offline");
    }

    [Test]
    public async Task The_developers_inbox()
    {
        using var all = Assert.EnterMultipleScope();
        await using var visitor = await VisitorAsync(habits);
        var page = await visitor.OpenAsync();
        await visitor.AskForCodeAsync("9057654322");
        await Expect(page.Locator(".dev b")).ToBeVisibleAsync();
        await visitor.OpenAsync("/dev/inbox");
        await Expect(page.Locator(".texts li").First).ToBeVisibleAsync();
        await Gallery.KeepAsync(page, "12-inbox");
    }

    [Test]
    public async Task Without_an_answer()
    {
        using var all = Assert.EnterMultipleScope();
        var person = await Service.SignInAsync();
        await using var visitor = await VisitorAsync(habits, person);
        await visitor.Context.RouteAsync("**/profile", route => route.AbortAsync());
        var page = await visitor.OpenAsync();
        await Expect(page.Locator("#profile-problem")).ToBeVisibleAsync();
        await Gallery.KeepAsync(page, "10-unreachable");
    }
}
