using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Moq;
using PhoneAuth.Domain.PhoneNumbers;
using PhoneAuth.Infrastructure.Sms;
using PhoneAuth.Testing;

namespace PhoneAuth.Infrastructure.Tests.Sms.Gateways;

/// <summary>A gateway as the service registers it, by settings, with a stub at the other end of the line.</summary>
internal abstract class GatewayTest
{
    protected static readonly Guid Id = new("019aaad4-8d40-7c1e-9d0a-3f5f8a1b2c3d");

    private readonly List<ServiceProvider> started = [];

    protected GatewayStub Stub { get; private set; } = null!;

    protected FakeClock Clock { get; private set; } = null!;

    protected SmsMessage Message => new(Id, PhoneNumber.FromStorage("+79001234567"), "0427 — ваш код & «ключ»", "0427", "ru", Clock.Now.AddMinutes(5));

    [SetUp]
    public async Task StartAsync() => (Stub, Clock) = (await GatewayStub.StartAsync(), new FakeClock());

    [TearDown]
    public async Task StopAsync()
    {
        started.ForEach(services => services.Dispose());
        await Stub.DisposeAsync();
    }

    protected ISmsGateway Gateway(string name, params (string Key, string Value)[] settings) =>
        Services([("Sms:Provider", name), .. settings]).GetServices<ISmsGateway>().Single(gateway => gateway.Name == name);

    /// <summary>What the service says of settings that it does not start with.</summary>
    protected string WhyNot(string name, params (string Key, string Value)[] settings)
    {
        var services = Services([("Sms:Provider", name), .. settings]);
        return Assert.Catch<OptionsValidationException>(() => services.GetServices<ISmsGateway>())!.Message;
    }

    protected ServiceProvider Services(params (string Key, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(setting => new KeyValuePair<string, string?>(setting.Key, setting.Value))).Build();
        var environment = Mock.Of<IHostEnvironment>(host => host.EnvironmentName == "Production" && host.ContentRootPath == Path.GetTempPath());
        var services = new ServiceCollection().AddLogging().AddSingleton(environment);
        services.AddInfrastructure(configuration, environment);
        services.Replace(ServiceDescriptor.Singleton<TimeProvider>(Clock));
        started.Add(services.BuildServiceProvider());
        return started[^1];
    }
}
