using Microsoft.Playwright;

namespace PhoneAuth.Browser.Tests;

/// <summary>The system's browser, started once for all tests. It finds no host but this machine.</summary>
[SetUpFixture]
internal sealed class Chromium
{
    /// <summary>How long a step may take on a busy machine, in milliseconds.</summary>
    public const float Patience = 20_000;

    private const string Variable = "PHONEAUTH_TEST_CHROMIUM";

    private IPlaywright? playwright;

    public static IBrowser Browser { get; private set; } = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        var executable = Environment.GetEnvironmentVariable(Variable)
            ?? throw new InvalidOperationException($"{Variable} names no Chromium: ./test.sh finds or installs one and sets it.");
        Assertions.SetDefaultExpectTimeout(Patience);
        playwright = await Playwright.CreateAsync();
        Browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = executable,
            Args =
            [
                "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
                "--disable-sync", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
            ],
        });
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        if (Browser is not null)
        {
            await Browser.DisposeAsync();
        }

        playwright?.Dispose();
    }
}
