using Microsoft.Playwright;
using PhoneAuth.Testing;

namespace PhoneAuth.Browser.Tests.Harness;

/// <summary>Tests with a browser: one service for a fixture, visitors and numbers of its own for every test.</summary>
[Parallelizable(ParallelScope.Self)]
internal abstract class BrowserTest(DatabaseKind kind)
{
    protected Service Service { get; private set; } = null!;

    protected virtual (string Key, string Value)[] Settings => [];

    [OneTimeSetUp]
    public async Task StartAsync() => Service = await Harness.Service.StartAsync(kind, Settings);

    [OneTimeTearDown]
    public async Task StopAsync() => await Service.DisposeAsync();

    protected Task<Visitor> VisitorAsync(Habits? habits = null, Person? signedIn = null) => Visitor.ComeAsync(Service, habits, signedIn);

    protected static ILocatorAssertions Expect(ILocator locator) => Assertions.Expect(locator);
}
