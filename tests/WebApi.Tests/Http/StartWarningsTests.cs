using PhoneAuth.Testing;
using PhoneAuth.WebApi.Tests.Harness;

namespace PhoneAuth.WebApi.Tests.Http;

[Parallelizable(ParallelScope.Self)]
internal sealed class StartWarningsTests
{
    private const string Expected = "expected take-overs per attacking address and day";

    [Test]
    public async Task Four_digits_say_what_they_are_worth_under_the_limits_in_force()
    {
        await using var api = await Api.StartAsync(DatabaseKind.Sqlite, ("RateLimits:FailedCodesPerDay", "50"));
        var line = api.Logs.Lines.Single(line => line.Contains(Expected, StringComparison.Ordinal));
        Assert.That(line, Does.StartWith("Warning").And.Contains(Expected + " are 0.005, with 6 digits 0.00005, with 8 digits 0.0000005"));
    }

    [Test]
    public async Task Six_say_nothing()
    {
        await using var api = await Api.StartAsync(DatabaseKind.Sqlite, ("Verification:CodeLength", "6"));
        Assert.That(api.Logs.Lines, Has.None.Contains(Expected));
    }
}
