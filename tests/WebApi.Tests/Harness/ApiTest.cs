using PhoneAuth.Testing;

namespace PhoneAuth.WebApi.Tests.Harness;

/// <summary>Functional tests over HTTP: one service and one database for a fixture, numbers of its own for every test.</summary>
[Parallelizable(ParallelScope.Self)]
internal abstract class ApiTest(DatabaseKind kind)
{
    protected DatabaseKind Kind => kind;

    protected Api Api { get; private set; } = null!;

    protected HttpClient Client => Api.Client;

    protected virtual (string Key, string Value)[] Settings => [];

    [OneTimeSetUp]
    public async Task StartAsync() => Api = await Harness.Api.StartAsync(kind, Settings);

    /// <summary>Whatever a test is about, it has logged no number, code or token.</summary>
    [TearDown]
    public void LookThroughTheLogs() => Api.Logs.AssertNothingSecret();

    [OneTimeTearDown]
    public async Task StopAsync() => await Api.DisposeAsync();
}
