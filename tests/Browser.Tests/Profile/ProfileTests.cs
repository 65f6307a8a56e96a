using Microsoft.Playwright;
using PhoneAuth.Browser.Tests.Harness;
using PhoneAuth.Testing;

namespace PhoneAuth.Browser.Tests.Profile;

internal sealed class ProfileTests() : BrowserTest(DatabaseKind.Sqlite)
{
    [Test]
    public async Task Invited_people_come_page_by_page_newest_first()
    {
        var person = await Service.SignInAsync();
        var guests = new List<Person>();
        for (var guest = 0; guest < 23; guest++)
        {
            Service.Clock.Advance(TimeSpan.FromSeconds(1));
            guests.Add(await Service.SignInAsync());
            await Service.ActivateAsync(guests[^1], person.InviteCode);
        }

        await using var visitor = await VisitorAsync(signedIn: person);
        var page = await visitor.OpenAsync();
        var rows = page.Locator("[aria-labelledby=invited-title] li");
        var more = page.GetByRole(AriaRole.Button, new() { Name = "Show more" });
        await Expect(page.Locator(".count")).ToHaveTextAsync("23");
        await Expect(rows).ToHaveCountAsync(10);
        await more.ClickAsync();
        await Expect(rows).ToHaveCountAsync(20);
        await Expect(rows.Nth(10)).ToBeFocusedAsync();
        await Expect(page.Locator("#live")).ToHaveTextAsync("10 more people shown.");
        await more.ClickAsync();
        await Expect(rows).ToHaveCountAsync(23);
        await Expect(more).ToBeHiddenAsync();
        var digits = await rows.Locator(".nowrap").AllTextContentsAsync();
        Assert.That(digits.Select(text => "+" + string.Concat(text.Where(char.IsAsciiDigit))), Is.EqualTo(guests.Select(guest => guest.PhoneNumber).Reverse()));
    }

    [Test]
    public async Task Sessions_end_one_by_one_or_all_others_at_once()
    {
        var person = await Service.SignInAsync(deviceName: "Kitchen");
        await Service.SignInAsync(person.PhoneNumber, "Attic");
        await Service.SignInAsync(person.PhoneNumber, "Cellar");
        var cellar = await Service.SignInAsync(person.PhoneNumber, "Garden");
        await using var visitor = await VisitorAsync(signedIn: person);
        await using var gardener = await VisitorAsync(signedIn: cellar);
        await gardener.OpenAsync();
        await Expect(gardener.Page.Locator(".session")).ToHaveCountAsync(4);
        var page = await visitor.OpenAsync();
        var sessions = page.Locator(".session");
        await Expect(sessions.First).ToContainTextAsync("Kitchen");
        await Expect(sessions.First).ToContainTextAsync("This device");
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out Attic" }).ClickAsync();
        await Expect(sessions).ToHaveCountAsync(3);
        await Expect(page.Locator("#live")).ToHaveTextAsync("Attic is signed out.");
        await Expect(page.Locator("#sessions-title")).ToBeFocusedAsync();
        await page.GetByText("Sign out everywhere else").ClickAsync();
        await Expect(sessions).ToHaveCountAsync(1);
        await Expect(page.GetByText("Sign out everywhere else")).ToBeHiddenAsync();

        // In the garden the next touch leads to the first view, with a word about why.
        await gardener.Page.Locator(".hero button").Last.ClickAsync();
        await gardener.Page.Locator("dialog [value=yes]").ClickAsync();
        await Expect(gardener.Page.Locator("#phone")).ToBeVisibleAsync();
        await Expect(gardener.Page.Locator("#live")).ToContainTextAsync("You were signed out.");
    }

    [Test]
    public async Task The_invite_code_is_copied_shared_scanned_and_replaced()
    {
        var person = await Service.SignInAsync();
        await using var visitor = await VisitorAsync(signedIn: person);
        var page = await visitor.OpenAsync();
        await Expect(page.Locator(".invite-code")).ToHaveTextAsync(person.InviteCode);
        await Expect(page.GetByRole(AriaRole.Img, new() { Name = "QR code of your invite link" })).ToBeVisibleAsync();
        using (await Clipboard.HoldAsync())
        {
            await page.GetByRole(AriaRole.Button, new() { Name = "Copy" }).ClickAsync();
            await Expect(page.Locator("#live")).ToHaveTextAsync("Copied");
            Assert.That(await visitor.ClipboardAsync(), Is.EqualTo(person.InviteCode));
        }

        var before = await page.Locator(".qr path").GetAttributeAsync("d");
        await page.GetByRole(AriaRole.Button, new() { Name = "New code" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Replace" }).ClickAsync();
        await Expect(page.Locator(".invite-code")).Not.ToHaveTextAsync(person.InviteCode);
        await Expect(page.Locator(".qr path")).Not.ToHaveAttributeAsync("d", before!);
        await Expect(page.Locator("#live")).ToContainTextAsync("Your new invite code is ");
    }

    [Test]
    public async Task Where_the_system_has_a_share_sheet_it_gets_the_link()
    {
        var person = await Service.SignInAsync();
        await using var visitor = await VisitorAsync(signedIn: person);
        await visitor.Context.AddInitScriptAsync("navigator.share = data => { globalThis.shared = data.url; return Promise.resolve(); }");
        var page = await visitor.OpenAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Share" }).ClickAsync();
        Assert.That(await page.EvaluateAsync<string>("shared"), Is.EqualTo($"{Service.Address}?invite={person.InviteCode}"));
    }

    [Test]
    public async Task Codes_that_cannot_be_activated_are_answered_with_what_to_do()
    {
        var person = await Service.SignInAsync();
        await using var visitor = await VisitorAsync(signedIn: person);
        var page = await visitor.OpenAsync();
        var problem = page.Locator("#activate-problem");
        var field = page.Locator("#invite-code");
        foreach (var (typed, said) in new[]
        {
            ("K7M2Q", "An invite code has six letters and digits."),
            (person.InviteCode.ToLowerInvariant(), "This is your own code."),
            (person.InviteCode == "222222" ? "333333" : "222222", "There is no such code"),
        })
        {
            await field.FillAsync(typed);
            await page.GetByRole(AriaRole.Button, new() { Name = "Activate" }).ClickAsync();
            await Expect(problem).ToContainTextAsync(said);
            await Expect(field).ToBeFocusedAsync();
            await Expect(field).ToHaveAttributeAsync("aria-invalid", "true");
        }
    }
}
