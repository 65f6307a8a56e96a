using PhoneAuth.Browser.Tests.Harness;
using PhoneAuth.Testing;

namespace PhoneAuth.Browser.Tests.SignIn;

/// <summary>What goes wrong on the way in, what the page says of it, and how to go on.</summary>
internal sealed class RefusalTests() : BrowserTest(DatabaseKind.Sqlite)
{
    protected override (string Key, string Value)[] Settings =>
        [("Verification:MaxAttempts", "3"), ("Verification:MaxFailures", "4"), ("PhoneNumbers:AllowedCountryCodes:0", "7")];

    [TestCase("en-GB", "Wrong code. You have 2 tries left.", "Wrong code, and no tries left. Ask for a new code.")]
    [TestCase("ru-RU", "Неверный код. Осталось: 2 попытки.", "Неверный код, попыток больше нет. Запросите новый код.")]
    public async Task Wrong_codes_count_down_to_a_new_code(string language, string first, string last)
    {
        await using var visitor = await VisitorAsync(new Habits { Language = language });
        await visitor.OpenAsync();
        await visitor.AskForCodeAsync(Service.NewNumber());
        var problem = visitor.Page.Locator("#code-problem");
        await visitor.Page.Locator("#code").FillAsync("0000");
        await Expect(problem).ToHaveTextAsync(first);
        await Expect(visitor.Page.Locator("#code")).ToHaveValueAsync("");
        await Expect(visitor.Page.Locator("#code")).ToBeFocusedAsync();
        await Expect(visitor.Page.Locator("#code")).ToHaveAttributeAsync("aria-invalid", "true");
        await visitor.Page.Locator("#code").FillAsync("0001");
        await Expect(problem).Not.ToHaveTextAsync(first);
        await visitor.Page.Locator("#code").FillAsync("0002");
        await Expect(problem).ToHaveTextAsync(last);

        // The way on has the focus already, and leads in.
        await Expect(visitor.Page.Locator("form .button")).ToBeFocusedAsync();
        await visitor.Page.Keyboard.PressAsync("Enter");
        await Expect(problem).ToBeEmptyAsync();
        await visitor.Page.Locator("#code").FillAsync(Service.Code);
        await Expect(visitor.Page.Locator(".profile")).ToBeVisibleAsync();
    }

    [Test]
    public async Task A_number_that_locks_says_for_how_long()
    {
        await using var visitor = await VisitorAsync();
        await visitor.OpenAsync();
        await visitor.AskForCodeAsync(Service.NewNumber());
        for (var guess = 0; guess < 4; guess++)
        {
            await visitor.Page.Locator("#code").FillAsync($"000{guess}");
            await Expect(visitor.Page.Locator("#code-problem")).ToContainTextAsync(guess is 2 or 3 ? "no tries left" : $"{2 - (guess % 3)}");
            if (guess == 2)
            {
                await visitor.Page.Locator("form .button").ClickAsync();
                await Expect(visitor.Page.Locator("#code-problem")).ToBeEmptyAsync();
            }
        }

        await visitor.Page.Locator("#code").FillAsync(Service.Code);
        await Expect(visitor.Page.Locator("#code-problem")).ToHaveTextAsync("Too many wrong codes for this number. Try again in 1 hour.");
        await new Gallery("en").KeepAsync(visitor.Page, "11-locked");
        await visitor.Page.Locator("form .button").ClickAsync();
        await Expect(visitor.Page.Locator("form .button")).ToContainTextAsync("New code in ");
        await Expect(visitor.Page.Locator("form .button")).ToBeDisabledAsync();
    }

    [TestCase("en-GB", "We cannot send codes to this country yet.")]
    [TestCase("ru-RU", "В эту страну мы пока не отправляем коды.")]
    public async Task A_country_without_service_is_said_so(string language, string said)
    {
        await using var visitor = await VisitorAsync(new Habits { Language = language });
        await visitor.OpenAsync();
        await visitor.AskForCodeAsync("+49 1512 3456789");
        await Expect(visitor.Page.Locator("#phone-problem")).ToContainTextAsync(said);
        await Expect(visitor.Page.Locator("#phone")).ToBeFocusedAsync();
        await Expect(visitor.Page.Locator("#phone")).ToHaveAttributeAsync("aria-invalid", "true");
    }

    [Test]
    public async Task A_code_asked_for_too_soon_counts_down()
    {
        await using var first = await VisitorAsync();
        await first.OpenAsync();
        await first.AskForCodeAsync("+7 905 300-00-01");
        await Expect(first.Page.Locator("#code")).ToBeVisibleAsync();
        await using var second = await VisitorAsync(new Habits { HasFakeClock = true });
        await second.OpenAsync();
        await second.AskForCodeAsync("+7 905 300-00-01");
        await Expect(second.Page.Locator("#phone-problem")).ToContainTextAsync("A code was sent a moment ago.");
        await Expect(second.Page.Locator("form .wide")).ToBeDisabledAsync();
        await Expect(second.Page.Locator("form .wide")).ToContainTextAsync("Send code in");
        await second.PassAsync(TimeSpan.FromSeconds(61));
        await Expect(second.Page.Locator("form .wide")).ToBeEnabledAsync();
        await Expect(second.Page.Locator("form .wide")).ToHaveTextAsync("Send code");
    }

    [Test]
    public async Task An_empty_or_impossible_number_is_never_sent()
    {
        await using var visitor = await VisitorAsync();
        await visitor.OpenAsync();
        await visitor.AskForCodeAsync("");
        await Expect(visitor.Page.Locator("#phone-problem")).ToHaveTextAsync("Enter your phone number.");
        await visitor.AskForCodeAsync("+7 12");
        await Expect(visitor.Page.Locator("#phone-problem")).ToContainTextAsync("does not look like a phone number");
        Assert.That(visitor.Requests, Has.None.Contains("/send-code"));
    }
}
