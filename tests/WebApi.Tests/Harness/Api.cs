using System.Net;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.Mvc.Testing.Handlers;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using PhoneAuth.Infrastructure.Sms;
using PhoneAuth.Testing;

namespace PhoneAuth.WebApi.Tests.Harness;

/// <summary>
/// The service as it is, on a database of its own, but for a clock that stands, an inbox that hands over messages at once, and the caller's
/// address, which a test names in <see cref="AddressHeader"/>.
/// </summary>
internal sealed class Api : WebApplicationFactory<Program>
{
    public const string AddressHeader = "X-Test-Address";
    public const string SecretKey = ServiceProcess.SecretKey;

    private readonly TestDatabase database;
    private readonly Dictionary<string, string> settings;
    private readonly bool ownsDatabase;

    private Api(TestDatabase database, FakeClock clock, Dictionary<string, string> settings, bool ownsDatabase, int port = 0)
    {
        (this.database, Clock, this.settings, this.ownsDatabase, Port) = (database, clock, settings, ownsDatabase, port);
        if (port != 0)
        {
            UseKestrel(server => server.Listen(IPAddress.Loopback, port));
        }

        Client = CreateClient();
    }

    public FakeClock Clock { get; }

    public TestInbox Inbox { get; } = new();

    /// <summary>All that the service has logged, at Debug.</summary>
    public LogRecorder Logs { get; } = new();

    public TestDatabase Database => database;

    /// <summary>Where it listens on this machine; 0 where it has no real server.</summary>
    public int Port { get; }

    /// <summary>A client that is nobody.</summary>
    public HttpClient Client { get; }

    /// <summary>Starts a service on a fresh database.</summary>
    public static async Task<Api> StartAsync(DatabaseKind kind, params (string Key, string Value)[] settings) =>
        new(await TestDatabase.CreateAsync(kind), new FakeClock(), ToDictionary(settings), ownsDatabase: true);

    /// <summary>Starts a service on a fresh database behind a real server, which is its tokens' issuer.</summary>
    public static async Task<Api> StartOnKestrelAsync(DatabaseKind kind, params (string Key, string Value)[] settings)
    {
        var port = Ports.Free();
        var all = ToDictionary([("Tokens:Issuer", Calls.Local(port)), .. settings]);
        return new Api(await TestDatabase.CreateAsync(kind), new FakeClock(), all, ownsDatabase: true, port);
    }

    /// <summary>Starts a service on a database that is there already, whatever state it is in.</summary>
    public static Api StartOn(TestDatabase database, FakeClock clock, params (string Key, string Value)[] settings) =>
        new(database, clock, ToDictionary(settings), ownsDatabase: false);

    /// <summary>Starts another instance on the same database, with the same clock.</summary>
    public Api StartAnother(params (string Key, string Value)[] others)
    {
        var all = new Dictionary<string, string>(settings, StringComparer.OrdinalIgnoreCase);
        foreach (var (key, value) in others)
        {
            all[key] = value;
        }

        return new Api(database, Clock, all, ownsDatabase: false);
    }

    /// <summary>A client of this service, through the proxy where a run has one.</summary>
    public new HttpClient CreateClient() => PrismRun.Current is { } run
        ? CreateDefaultClient(new RedirectHandler(), new CookieContainerHandler(), new PrismHandler(run))
        : base.CreateClient();

    public override async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await base.DisposeAsync();
        Logs.AssertNothingSecret();
        if (ownsDatabase)
        {
            await database.DisposeAsync();
        }
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseEnvironment("Testing");
        builder.UseSetting("ConnectionStrings:Database", database.ConnectionString);
        builder.UseSetting("SecretKey", SecretKey);
        builder.UseSetting("Sms:Simulated:Inbox", "true");
        builder.UseSetting("Sms:Simulated:Delay", "00:00:00");
        builder.UseSetting("Sms:Brake", "Off");
        builder.ConfigureLogging(logging => logging.ClearProviders().AddProvider(Logs).SetMinimumLevel(LogLevel.Debug));
        foreach (var (key, value) in settings)
        {
            builder.UseSetting(key, value);
        }

        builder.ConfigureTestServices(services =>
        {
            services.Replace(ServiceDescriptor.Singleton<TimeProvider>(Clock));
            services.Replace(ServiceDescriptor.Singleton<ISmsGateway>(Inbox));
            services.AddSingleton<IStartupFilter, CallerAddress>();
        });
    }

    private static Dictionary<string, string> ToDictionary((string Key, string Value)[] settings) =>
        settings.ToDictionary(setting => setting.Key, setting => setting.Value, StringComparer.OrdinalIgnoreCase);

    /// <summary>The test server has no connections, so no addresses: a header stands in for the peer's.</summary>
    private sealed class CallerAddress : IStartupFilter
    {
        public Action<Microsoft.AspNetCore.Builder.IApplicationBuilder> Configure(Action<Microsoft.AspNetCore.Builder.IApplicationBuilder> next) => app =>
        {
            Microsoft.AspNetCore.Builder.UseExtensions.Use(app, (context, following) =>
            {
                if (IPAddress.TryParse(context.Request.Headers[AddressHeader], out var address))
                {
                    context.Connection.RemoteIpAddress = address;
                }

                return following(context);
            });
            next(app);
        };
    }
}
