using System.Text.RegularExpressions;
using PhoneAuth.Browser.Tests.Harness;
using PhoneAuth.Testing;

namespace PhoneAuth.Browser.Tests.SignIn;

internal sealed class CodeFieldTests() : BrowserTest(DatabaseKind.Sqlite)
{
    [Test]
    public async Task The_field_is_one_that_phones_and_password_managers_know()
    {
        await using var visitor = await VisitorAsync();
        await visitor.OpenAsync();
        await visitor.AskForCodeAsync(Service.NewNumber());
        var field = visitor.Page.GetByLabel("Code of 4 digits");
        await Expect(field).ToHaveAttributeAsync("inputmode", "numeric");
        await Expect(field).ToHaveAttributeAsync("autocomplete", "one-time-code");
        await Expect(field).ToHaveCountAsync(1);
    }

    [TestCase("2 5 8 0")]
    [TestCase("Your code is 2580.")]
    [TestCase("٢٥٨٠")]
    public async Task A_pasted_message_gives_its_code(string message)
    {
        await using var visitor = await VisitorAsync();
        await visitor.OpenAsync();
        await visitor.AskForCodeAsync(Service.NewNumber());
        await Expect(visitor.Page.Locator("#code")).ToBeFocusedAsync();
        using (await Clipboard.HoldAsync())
        {
            await visitor.Page.EvaluateAsync("text => navigator.clipboard.writeText(text)", message);
            await visitor.Page.Keyboard.PressAsync("Control+V");
        }

        await Expect(visitor.Page.Locator(".profile")).ToBeVisibleAsync();
    }

    [Test]
    public async Task A_message_that_names_the_site_fills_the_code_in()
    {
        await using var visitor = await VisitorAsync();
        await visitor.Context.AddInitScriptAsync(
            """
            globalThis.OTPCredential = class {};
            Object.defineProperty(navigator, 'credentials', { value: { get: asked => Promise.resolve(
              asked.otp.transport[0] === 'sms' && asked.signal instanceof AbortSignal ? { code: '2580' } : null) } });
            """);
        await visitor.OpenAsync();
        await visitor.AskForCodeAsync(Service.NewNumber());
        await Expect(visitor.Page.Locator(".profile")).ToBeVisibleAsync();
    }

    [Test]
    public async Task A_new_code_may_be_asked_for_when_the_wait_is_over()
    {
        await using var visitor = await VisitorAsync(new Habits { HasFakeClock = true });
        await visitor.OpenAsync();
        await visitor.AskForCodeAsync("+7 905 400-00-01");
        var resend = visitor.Page.Locator("form .button");
        await Expect(resend).ToBeDisabledAsync();
        await Expect(resend).ToHaveTextAsync(new Regex("^New code in (?:1:00|0:5.)$", RegexOptions.None, TimeSpan.FromSeconds(1)));
        var first = await visitor.Page.Locator(".dev b").TextContentAsync();
        await visitor.PassAsync(TimeSpan.FromSeconds(30));
        await Expect(resend).ToContainTextAsync("New code in 0:");
        await visitor.PassAsync(TimeSpan.FromSeconds(31));
        await Expect(resend).ToHaveTextAsync("Send a new code");
        await Expect(visitor.Page.Locator("#live")).ToHaveTextAsync("You can ask for a new code now.");
        await resend.ClickAsync();
        await Expect(visitor.Page.Locator("#live")).ToHaveTextAsync("A new code is on its way. The old one no longer works.");
        await Expect(resend).ToContainTextAsync("New code in ");
        await Expect(visitor.Page.Locator("#code")).ToBeFocusedAsync();
        await Expect(visitor.Page.Locator(".dev b")).Not.ToHaveTextAsync(first!);
        await visitor.Page.Locator(".dev button").ClickAsync();
        await Expect(visitor.Page.Locator(".profile")).ToBeVisibleAsync();
    }

    [TestCase("en-GB", "This code no longer works. Ask for a new one.")]
    [TestCase("ru-RU", "Этот код больше не действует. Запросите новый.")]
    public async Task A_code_that_expires_says_so_before_it_is_typed(string language, string said)
    {
        await using var visitor = await VisitorAsync(new Habits { Language = language, HasFakeClock = true });
        await visitor.OpenAsync();
        await visitor.AskForCodeAsync(Service.NewNumber());
        await Expect(visitor.Page.Locator("#code-hint")).Not.ToBeEmptyAsync();
        await visitor.PassAsync(TimeSpan.FromMinutes(5) + TimeSpan.FromSeconds(1));
        await Expect(visitor.Page.Locator("#code-problem")).ToHaveTextAsync(said);
        await new Gallery(language[..2]).KeepAsync(visitor.Page, "13-code-expired");
        await visitor.Page.Locator("#code").FillAsync(Service.Code);
        await Expect(visitor.Page.Locator("#code-problem")).ToHaveTextAsync(said);
        await Expect(visitor.Page.Locator("form .button")).ToBeFocusedAsync();
    }

    [Test]
    public async Task A_reload_while_the_message_is_read_loses_nothing_and_back_leads_to_the_number()
    {
        await using var visitor = await VisitorAsync();
        await visitor.OpenAsync();
        var number = Service.NewNumber();
        await visitor.AskForCodeAsync(number);
        await Expect(visitor.Page.Locator("#code")).ToBeVisibleAsync();
        await visitor.Page.ReloadAsync();
        await Expect(visitor.Page.Locator("#sent-to")).ToContainTextAsync("+7 900 200");
        await visitor.Page.GoBackAsync();
        await Expect(visitor.Page.Locator("#phone")).ToBeFocusedAsync();
        await visitor.Page.GoForwardAsync();
        await visitor.Page.Locator("#code").FillAsync(Service.Code);
        await Expect(visitor.Page.Locator(".profile")).ToBeVisibleAsync();
    }
}
