using PhoneAuth.Browser.Tests.Harness;
using PhoneAuth.Testing;

namespace PhoneAuth.Browser.Tests.SignIn;

internal sealed class LimitTests() : BrowserTest(DatabaseKind.Sqlite)
{
    protected override (string Key, string Value)[] Settings => [("RateLimits:SendCodePerHour", "2"), ("Verification:MaxSendsPerHour", "1"), ("Verification:ResendWait", "00:00:00")];

    [Test]
    public async Task Limits_of_a_number_and_of_a_network_say_when_to_come_back()
    {
        await using var visitor = await VisitorAsync();
        await visitor.OpenAsync();
        await visitor.AskForCodeAsync("+7 905 300-00-11");
        await visitor.Page.GetByText("Send a new code").ClickAsync();
        await Expect(visitor.Page.Locator("#code-problem")).ToHaveTextAsync("Too many codes were sent to this number. Ask for another in 1 hour.");
        await Expect(visitor.Page.Locator("form .button")).ToContainTextAsync("New code in 1:00:00");
        await visitor.Page.GetByText("Change number").ClickAsync();
        await visitor.AskForCodeAsync("+7 905 300-00-12");
        await Expect(visitor.Page.Locator("#code")).ToBeVisibleAsync();
        await visitor.Page.GetByText("Change number").ClickAsync();
        await visitor.AskForCodeAsync("+7 905 300-00-13");
        await Expect(visitor.Page.Locator("#phone-problem")).ToHaveTextAsync("Too many tries from your network. Try again in 1 hour.");
    }
}
