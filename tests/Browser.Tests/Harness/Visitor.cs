using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Playwright;

namespace PhoneAuth.Browser.Tests.Harness;

/// <summary>What a test may choose of somebody's browser.</summary>
internal sealed record Habits
{
    public string Language { get; init; } = "en-GB";

    public ColorScheme Theme { get; init; } = ColorScheme.Light;

    public (int Width, int Height) Window { get; init; } = (1280, 800);

    public bool HasPhone { get; init; }

    /// <summary>Gives the page the clock of the service, to be moved by the test.</summary>
    public bool HasFakeClock { get; init; }
}

/// <summary>Somebody with a browser of their own: an empty profile, one or more tabs, and a record of all that the tabs asked for.</summary>
internal sealed class Visitor : IAsyncDisposable
{
    private readonly Service service;
    private readonly IBrowserContext context;
    private readonly ConcurrentQueue<string> requests = new();
    private readonly ConcurrentQueue<string> complaints = new();
    private string? forgiven;

    private Visitor(Service service, IBrowserContext context)
    {
        (this.service, this.context) = (service, context);
        context.Request += (_, request) => requests.Enqueue(request.Url);
        context.Console += (_, message) => Note(message);
        context.WebError += (_, error) => complaints.Enqueue(error.Error);
    }

    /// <summary>The first tab.</summary>
    public IPage Page { get; private set; } = null!;

    public IBrowserContext Context => context;

    /// <summary>Every address asked for so far.</summary>
    public IReadOnlyCollection<string> Requests => requests;

    public static async Task<Visitor> ComeAsync(Service service, Habits? habits = null, Person? signedIn = null)
    {
        habits ??= new Habits();
        var own = await Chromium.Browser.NewContextAsync(new BrowserNewContextOptions
        {
            BaseURL = service.Address.ToString(),
            Locale = habits.Language,
            TimezoneId = "Europe/Moscow",
            ColorScheme = habits.Theme,
            ReducedMotion = ReducedMotion.Reduce,
            ViewportSize = new ViewportSize { Width = habits.Window.Width, Height = habits.Window.Height },
            HasTouch = habits.HasPhone,
            StorageState = signedIn is null ? null : StorageOf(service, signedIn),
        });
        await own.GrantPermissionsAsync(["clipboard-read", "clipboard-write"]);
        var visitor = new Visitor(service, own);
        if (habits.HasFakeClock)
        {
            await own.Clock.InstallAsync(new ClockInstallOptions { TimeDate = service.Clock.Now.UtcDateTime });
        }

        own.SetDefaultTimeout(Chromium.Patience);
        visitor.Page = await own.NewPageAsync();
        return visitor;
    }

    public async Task<IPage> OpenAsync(string path = "/", IPage? tab = null)
    {
        tab ??= Page;
        await tab.GotoAsync(path);
        return tab;
    }

    /// <summary>Types a number and asks for a code.</summary>
    public async Task AskForCodeAsync(string phoneNumber)
    {
        await Page.Locator("#phone").FillAsync(phoneNumber);
        await Page.Locator("form button").ClickAsync();
    }

    /// <summary>Signs in through the page, from its first view.</summary>
    public async Task SignInAsync(string phoneNumber)
    {
        await AskForCodeAsync(phoneNumber);
        await Page.Locator("#code").FillAsync(Service.Code);
        await Assertions.Expect(Page.Locator(".profile")).ToBeVisibleAsync();
    }

    /// <summary>Lets time pass, for the service and for a page that has its clock.</summary>
    public async Task PassAsync(TimeSpan time)
    {
        service.Clock.Advance(time);
        await Page.Clock.FastForwardAsync((long)time.TotalMilliseconds);
    }

    public Task<string> ClipboardAsync() => Page.EvaluateAsync<string>("navigator.clipboard.readText()");

    /// <summary>Expects the browser to complain of what a test does on purpose.</summary>
    public void Forgive(string complaint) => forgiven = complaint;

    /// <summary>Leaves, and fails the test where a tab asked another host, showed a token in an address, or made the browser complain.</summary>
    public async ValueTask DisposeAsync()
    {
        await context.DisposeAsync();
        var elsewhere = requests.Where(url => !url.StartsWith(service.Address.ToString(), StringComparison.Ordinal)
            && !url.StartsWith("data:", StringComparison.Ordinal) && !url.StartsWith("blob:", StringComparison.Ordinal));
        Assert.Multiple(() =>
        {
            Assert.That(elsewhere, Is.Empty, "Asked another host.");
            Assert.That(requests, Has.None.Contains("eyJ"), "Showed a token.");
            Assert.That(complaints.Where(text => forgiven is null || !text.Contains(forgiven, StringComparison.Ordinal)), Is.Empty, "The browser complained.");
        });
    }

    /// <summary>Refusals of the service are written to the console by the browser itself; whatever else is written there is a fault of the page.</summary>
    private void Note(IConsoleMessage message)
    {
        if (message.Type is "error" or "warning" && !message.Text.StartsWith("Failed to load resource", StringComparison.Ordinal))
        {
            complaints.Enqueue($"{message.Type}: {message.Text} ({message.Location})");
        }
    }

    private static string StorageOf(Service service, Person person)
    {
        var tokens = JsonSerializer.Serialize(new
        {
            phoneNumber = person.PhoneNumber,
            accessToken = person.AccessToken,
            renewAt = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds(),
            refreshToken = person.RefreshToken,
            refreshTokenExpiresAt = person.RefreshTokenExpiresAt,
        });
        return JsonSerializer.Serialize(new
        {
            cookies = Array.Empty<object>(),
            origins = new[]
            {
                new { origin = service.Address.GetLeftPart(UriPartial.Authority), localStorage = new[] { new { name = "phoneauth.tokens", value = tokens } } },
            },
        });
    }
}
