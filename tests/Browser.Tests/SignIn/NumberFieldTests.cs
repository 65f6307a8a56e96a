using PhoneAuth.Browser.Tests.Harness;
using PhoneAuth.Testing;

namespace PhoneAuth.Browser.Tests.SignIn;

internal sealed class NumberFieldTests() : BrowserTest(DatabaseKind.Sqlite)
{
    [TestCase("en-GB", "07400123456", "07400 123456", "GB +44")]
    [TestCase("en-US", "2015550123", "(201) 555-0123", "US +1")]
    [TestCase("en-GB", "+79001234567", "+7 900 123 45 67", "RU +7")]
    [TestCase("en-GB", "+77710009998", "+7 771 000 9998", "KZ +7")]
    [TestCase("en-GB", "+712", "+7 12", "RU +7")]
    [TestCase("ru-RU", "9001234567", "900 123-45-67", "RU +7")]
    [TestCase("ru-RU", "+12015550123", "+1 201 555 0123", "US +1")]
    [TestCase("en-GB", "٠٧٤٠٠١٢٣٤٥٦", "07400 123456", "GB +44")]
    public async Task What_is_typed_is_formatted_and_finds_its_country(string language, string typed, string shown, string country)
    {
        await using var visitor = await VisitorAsync(new Habits { Language = language });
        await visitor.OpenAsync();
        await visitor.Page.Locator("#phone").PressSequentiallyAsync(typed);
        await Expect(visitor.Page.Locator("#phone")).ToHaveValueAsync(shown);
        await Expect(visitor.Page.Locator(".country span")).ToHaveTextAsync(country);
    }

    [Test]
    public async Task Backspace_takes_digits_through_what_the_format_put_between_them()
    {
        await using var visitor = await VisitorAsync(new Habits { Language = "en-US" });
        await visitor.OpenAsync();
        var field = visitor.Page.Locator("#phone");
        await field.PressSequentiallyAsync("2015550123");
        for (var digit = 0; digit < 10; digit++)
        {
            await field.PressAsync("Backspace");
        }

        await Expect(field).ToHaveValueAsync("");
    }

    [Test]
    public async Task All_of_the_way_in_needs_no_mouse()
    {
        await using var visitor = await VisitorAsync(new Habits { Language = "ru-RU" });
        var page = await visitor.OpenAsync();
        await Expect(page.Locator("#phone")).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync(Service.NewNumber());
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("#code")).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync(Service.Code);
        await Expect(page.Locator("h1")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Tab");
        await Expect(page.GetByText("Выйти", new() { Exact = true })).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("#phone")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Shift+Tab");
        await Expect(page.Locator("#country")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Shift+Tab");
        await Expect(page.GetByRole(Microsoft.Playwright.AriaRole.Button, new() { Name = "Русский" })).ToBeFocusedAsync();
    }

    [Test]
    public async Task The_language_may_be_changed_at_any_time_and_is_kept_with_what_was_typed()
    {
        await using var visitor = await VisitorAsync();
        var page = await visitor.OpenAsync();
        await page.Locator("#phone").PressSequentiallyAsync("+79001234567");
        await page.GetByRole(Microsoft.Playwright.AriaRole.Button, new() { Name = "Русский" }).ClickAsync();
        await Expect(page.Locator("h1")).ToHaveTextAsync("Вход по номеру телефона");
        await Expect(page.Locator("html")).ToHaveAttributeAsync("lang", "ru");
        await Microsoft.Playwright.Assertions.Expect(page).ToHaveTitleAsync("Вход по номеру телефона · PhoneAuth");
        await Expect(page.Locator("#phone")).ToHaveValueAsync("+7 900 123 45 67");
        await page.ReloadAsync();
        await Expect(page.Locator("h1")).ToHaveTextAsync("Вход по номеру телефона");
    }
}
