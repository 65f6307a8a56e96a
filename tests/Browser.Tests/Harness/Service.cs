using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using PhoneAuth.Testing;

namespace PhoneAuth.Browser.Tests.Harness;

/// <summary>
/// The service as it is, on a port of its own and a database of its own, but for a clock that stands. Numbers of <see cref="NewNumber"/> get
/// the code <see cref="Code"/> and no message; all others get a message at once, which the inbox shows.
/// </summary>
internal sealed class Service : WebApplicationFactory<Program>
{
    public const string Code = "2580";

    private const int Numbers = 160;

    private readonly TestDatabase database;
    private readonly (string Key, string Value)[] settings;
    private int given;

    private Service(TestDatabase database, (string Key, string Value)[] settings)
    {
        (this.database, this.settings) = (database, settings);
        UseKestrel(0);
        StartServer();
        Address = ClientOptions.BaseAddress;
        Client = CreateClient();
    }

    public FakeClock Clock { get; } = new();

    public Uri Address { get; }

    /// <summary>A client that is nobody.</summary>
    public HttpClient Client { get; }

    public static async Task<Service> StartAsync(DatabaseKind kind, params (string Key, string Value)[] settings) =>
        new(await TestDatabase.CreateAsync(kind), settings);

    /// <summary>A number that nobody on this service has had, with a fixed code.</summary>
    public string NewNumber()
    {
        var serial = Interlocked.Increment(ref given);
        return serial <= Numbers ? Number(serial) : throw new InvalidOperationException("Name more test numbers.");
    }

    /// <summary>Signs in without a browser.</summary>
    public async Task<Person> SignInAsync(string? phoneNumber = null, string? deviceName = null, string? userAgent = null)
    {
        phoneNumber ??= NewNumber();
        await PostAsync("/send-code", new { phoneNumber }, null, userAgent);
        var answer = await PostAsync("/verify-code", new { phoneNumber, code = Code, deviceName }, null, userAgent);
        return new Person(
            phoneNumber, answer.GetProperty("profile").GetProperty("inviteCode").GetString()!, answer.GetProperty("accessToken").GetString()!,
            answer.GetProperty("refreshToken").GetString()!, answer.GetProperty("refreshTokenExpiresAt").GetString()!);
    }

    public Task ActivateAsync(Person guest, string inviteCode) => PostAsync("/profile/" + guest.PhoneNumber, new { inviteCode }, guest.AccessToken, null);

    public override async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await base.DisposeAsync();
        await database.DisposeAsync();
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseEnvironment("Testing");
        builder.UseSetting("urls", "http://127.0.0.1:0");
        builder.UseSetting("ConnectionStrings:Database", database.ConnectionString);
        builder.UseSetting("SecretKey", "a secret key that only tests know: 7Qm2x9");
        builder.UseSetting("Sms:Simulated:Inbox", "true");
        builder.UseSetting("Sms:Simulated:Delay", "00:00:00");

        // Everybody here comes from one address.
        builder.UseSetting("Sms:Brake", "Off");
        builder.UseSetting("RateLimits:SendCodePerHour", "0");
        builder.UseSetting("RateLimits:SendCodePerDay", "0");
        builder.UseSetting("RateLimits:VerifyCodePerMinute", "0");
        builder.UseSetting("RateLimits:FailedCodesPerDay", "0");
        for (var serial = 1; serial <= Numbers; serial++)
        {
            var test = string.Create(CultureInfo.InvariantCulture, $"Verification:TestNumbers:{serial}:");
            builder.UseSetting(test + "PhoneNumber", Number(serial));
            builder.UseSetting(test + "Code", Code);
            builder.UseSetting(test + "ExpiresAt", "2100-01-01T00:00:00Z");
        }

        foreach (var (key, value) in settings)
        {
            builder.UseSetting(key, value);
        }

        builder.ConfigureLogging(logging => logging.ClearProviders());
        builder.ConfigureTestServices(services =>
        {
            services.Replace(ServiceDescriptor.Singleton<TimeProvider>(Clock));
            services.AddSingleton<IStartupFilter>(new DateOf(Clock));
        });
    }

    private static string Number(int serial) => string.Create(CultureInfo.InvariantCulture, $"+7900200{serial:0000}");

    private async Task<JsonElement> PostAsync(string path, object body, string? accessToken, string? userAgent)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        if (accessToken is not null)
        {
            request.Headers.Authorization = new("Bearer", accessToken);
        }

        if (userAgent is not null)
        {
            request.Headers.TryAddWithoutValidation("User-Agent", userAgent);
        }

        using var response = await Client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return response.IsSuccessStatusCode ? JsonDocument.Parse(text).RootElement : throw new InvalidOperationException($"{path}: {text}");
    }

    /// <summary>The server writes the real time into its answers; pages count down by it, so it has to be the clock's that stands.</summary>
    private sealed class DateOf(FakeClock clock) : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use((context, following) =>
            {
                context.Response.Headers.Date = clock.Now.ToString("R", CultureInfo.InvariantCulture);
                return following(context);
            });
            next(app);
        };
    }
}

/// <summary>Somebody who is signed in.</summary>
internal sealed record Person(string PhoneNumber, string InviteCode, string AccessToken, string RefreshToken, string RefreshTokenExpiresAt)
{
    /// <summary>The last seven digits as the page groups them.</summary>
    public string Readable => $"+7 {PhoneNumber[2..5]} {PhoneNumber[5..8]}-{PhoneNumber[8..10]}-{PhoneNumber[10..]}";
}
