using Microsoft.Playwright;
using PhoneAuth.Browser.Tests.Harness;
using PhoneAuth.Testing;

namespace PhoneAuth.Browser.Tests.Story;

[OnBothDatabases]
internal sealed class StoryTests(DatabaseKind kind) : BrowserTest(kind)
{
    [Test]
    public async Task Two_people_meet_through_an_invite_link()
    {
        // Ann signs in with the code of the banner, and shares her link.
        await using var ann = await VisitorAsync();
        await ann.OpenAsync();
        await ann.AskForCodeAsync("+7 905 100-00-01");
        await Expect(ann.Page.Locator("#sent-to")).ToHaveTextAsync("We sent it to +7 905 100 00 01");
        await Expect(ann.Page.Locator("#code")).ToBeFocusedAsync();
        await ann.Page.GetByRole(AriaRole.Button, new() { Name = "Use it" }).ClickAsync();
        await Expect(ann.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("+7 905 100 00 01");
        await Expect(ann.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToBeFocusedAsync();
        await Expect(ann.Page.GetByText("Welcome!")).ToBeVisibleAsync();
        await Expect(ann.Page.GetByText("Nobody yet.")).ToBeVisibleAsync();
        string link;
        using (await Clipboard.HoldAsync())
        {
            await ann.Page.GetByRole(AriaRole.Button, new() { Name = "Share" }).ClickAsync();
            await Expect(ann.Page.Locator("#live")).ToHaveTextAsync("Link copied");
            link = await ann.ClipboardAsync();
        }

        var code = await ann.Page.Locator(".invite-code").TextContentAsync();
        Assert.That(link, Is.EqualTo($"{Service.Address}?invite={code}"));

        // Boris opens it on his phone, in Russian; the code waits for him on his profile.
        await using var boris = await VisitorAsync(new Habits { Language = "ru-RU", Window = (360, 740) });
        await boris.OpenAsync(link);
        await Expect(boris.Page.GetByText("Вас пригласили")).ToContainTextAsync(code!);
        Assert.That(boris.Page.Url, Is.EqualTo(Service.Address.ToString()), "The code has been taken out of the address.");
        await boris.Page.ReloadAsync();
        await boris.SignInAsync(Service.NewNumber());
        await Expect(boris.Page.Locator("#invite-code")).ToHaveValueAsync(code!);
        await boris.Page.GetByRole(AriaRole.Button, new() { Name = "Активировать" }).ClickAsync();
        await Expect(boris.Page.Locator(".settled")).ToHaveTextAsync(code!);
        await Expect(boris.Page.Locator("#live")).ToHaveTextAsync("Код приглашения активирован.");
        await Expect(boris.Page.Locator("#invite-code")).ToHaveCountAsync(0);

        // Ann sees him.
        await ann.Page.ReloadAsync();
        await Expect(ann.Page.Locator(".count")).ToHaveTextAsync("1");
        await Expect(ann.Page.Locator("[aria-labelledby=invited-title] li")).ToContainTextAsync("+7 900 200");

        // Boris leaves for good, after a second thought. When he comes back, his one activation is spent, and Ann's list no longer has him.
        var number = (await boris.Page.Locator("h1").TextContentAsync())!;
        await boris.Page.GetByRole(AriaRole.Button, new() { Name = "Удалить аккаунт…" }).ClickAsync();
        await Expect(boris.Page.GetByRole(AriaRole.Button, new() { Name = "Отмена" })).ToBeFocusedAsync();
        await boris.Page.Keyboard.PressAsync("Escape");
        await Expect(boris.Page.Locator("dialog")).ToHaveCountAsync(0);
        await Expect(boris.Page.Locator(".profile")).ToBeVisibleAsync();
        await boris.Page.GetByRole(AriaRole.Button, new() { Name = "Удалить аккаунт…" }).ClickAsync();
        await boris.Page.GetByRole(AriaRole.Button, new() { Name = "Удалить навсегда" }).ClickAsync();
        await Expect(boris.Page.Locator("#live")).ToHaveTextAsync("Аккаунт удалён.");
        await Expect(boris.Page.Locator("#phone")).ToBeFocusedAsync();
        await boris.SignInAsync(number);
        await Expect(boris.Page.GetByText("С этого номера уже активировали код приглашения.")).ToBeVisibleAsync();
        await ann.Page.ReloadAsync();
        await Expect(ann.Page.Locator(".count")).ToHaveTextAsync("0");

        // Ann signs out, and a reload keeps her out.
        await ann.Page.GetByRole(AriaRole.Button, new() { Name = "Sign out", Exact = true }).ClickAsync();
        await Expect(ann.Page.Locator("#live")).ToHaveTextAsync("You are signed out.");
        await ann.Page.ReloadAsync();
        await Expect(ann.Page.Locator("#phone")).ToBeVisibleAsync();
    }
}
