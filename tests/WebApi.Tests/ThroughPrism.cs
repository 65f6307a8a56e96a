using System.Text.Json;
using PhoneAuth.WebApi.Tests.Harness;

namespace PhoneAuth.WebApi.Tests;

/// <summary>
/// With <c>PHONEAUTH_TEST_PRISM</c>, the path of the program, everything that these tests ask passes through the proxy that holds it against the
/// OpenAPI document; <c>PHONEAUTH_TEST_PRISM_FIGURES</c> names the file for what came of it. <c>scripts/contract.sh</c> sets both.
/// </summary>
[SetUpFixture]
internal sealed class ThroughPrism
{
    [OneTimeSetUp]
    public async Task StartAsync()
    {
        if (Environment.GetEnvironmentVariable("PHONEAUTH_TEST_PRISM") is { Length: > 0 } program)
        {
            PrismRun.Current = await PrismRun.StartAsync(program);
        }
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        if (PrismRun.Current is not { } run)
        {
            return;
        }

        await run.DisposeAsync();
        if (Environment.GetEnvironmentVariable("PHONEAUTH_TEST_PRISM_FIGURES") is { Length: > 0 } figures)
        {
            await File.WriteAllTextAsync(figures, JsonSerializer.Serialize(new { run.Requests, run.Operations, run.Violations }, JsonSerializerOptions.Web));
        }
    }
}
