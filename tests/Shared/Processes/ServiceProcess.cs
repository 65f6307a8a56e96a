using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;

namespace PhoneAuth.Testing;

/// <summary>
/// The service as its users start it: a process of its own, on the system's clock, with settings in its environment and an empty folder to live in.
/// </summary>
internal sealed class ServiceProcess : IAsyncDisposable
{
    public const string SecretKey = "a secret key that only tests know: 7Qm2x9";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(25);

    private readonly Process process;
    private readonly string folder = Directory.CreateTempSubdirectory("phoneauth_test_").FullName;
    private readonly ConcurrentQueue<string> lines = new();

    private ServiceProcess(IEnumerable<string> arguments, params IEnumerable<(string Key, string Value)> settings)
    {
        var program = TestContext.CurrentContext.TestDirectory;
        File.Copy(Path.Combine(program, "appsettings.json"), Path.Combine(folder, "appsettings.json"));
        var start = new ProcessStartInfo(Path.Combine(program, "PhoneAuth.WebApi"), arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            WorkingDirectory = folder,
        };
        foreach (var inherited in start.Environment.Keys.Where(key => key.StartsWith("ASPNETCORE_", StringComparison.Ordinal)).ToList())
        {
            start.Environment.Remove(inherited);
        }

        foreach (var (key, value) in settings)
        {
            start.Environment[key.Replace(":", "__", StringComparison.Ordinal)] = value;
        }

        process = Process.Start(start)!;
        process.OutputDataReceived += (_, said) => Keep(said.Data);
        process.ErrorDataReceived += (_, said) => Keep(said.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>Where it listens.</summary>
    public Uri Address { get; private init; } = new("http://127.0.0.1");

    public int Id => process.Id;

    public int ExitCode => process.ExitCode;

    public bool HasExited => process.HasExited;

    /// <summary>All that it has written so far, to standard output and standard error, line by line.</summary>
    public IReadOnlyCollection<string> Lines => lines;

    public string Output => string.Join('\n', lines);

    /// <summary>Starts the service on a free port, with no limit on the only address that calls it; it need not be ready yet.</summary>
    public static ServiceProcess Serve(string connection, params (string Key, string Value)[] settings) => ServeIn(
        "Testing",
        [
            ("ConnectionStrings:Database", connection), ("SecretKey", SecretKey), ("Sms:Simulated:Inbox", "true"), ("Sms:Simulated:Delay", "00:00:00"), ("Sms:Brake", "Off"),
            ("Verification:ResendWait", "00:00:00"), ("RateLimits:SendCodePerHour", "0"), ("RateLimits:SendCodePerDay", "0"), ("RateLimits:VerifyCodePerMinute", "0"), .. settings,
        ]);

    /// <summary>Starts the service on a free port, on nothing but these settings; it need not be ready yet.</summary>
    public static ServiceProcess ServeIn(string environment, params (string Key, string Value)[] settings)
    {
        var address = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{Ports.Free()}"));
        return new ServiceProcess([], [("ASPNETCORE_ENVIRONMENT", environment), ("ASPNETCORE_URLS", address.ToString()), .. settings]) { Address = address };
    }

    /// <summary>Starts a command.</summary>
    public static ServiceProcess Command(params string[] arguments) => new(arguments);

    /// <summary>Runs the executable to its end, which is to come by itself.</summary>
    public static async Task<(int ExitCode, IReadOnlyCollection<string> Lines)> RunAsync(string environment, string[] arguments, params (string Key, string Value)[] settings)
    {
        await using var service = new ServiceProcess(arguments, [("ASPNETCORE_ENVIRONMENT", environment), ("ASPNETCORE_URLS", "http://127.0.0.1:0"), .. settings]);
        return (await service.EndAsync(), service.Lines);
    }

    /// <summary>Asks again and again, for another process's clock cannot be turned.</summary>
    public static async Task UntilAsync(Func<Task<bool>> holds, string what)
    {
        using var timer = new PeriodicTimer(Pause);
        var began = Stopwatch.GetTimestamp();
        while (!await holds())
        {
            Assert.That(Stopwatch.GetElapsedTime(began), Is.LessThan(Patience), what);
            await timer.WaitForNextTickAsync();
        }
    }

    public HttpClient CreateClient() => new() { BaseAddress = Address };

    /// <summary>Waits until it says of itself that it is ready.</summary>
    public async Task ReadyAsync()
    {
        using var client = CreateClient();
        await UntilAsync(async () => await StatusAsync(client, "/health/ready") is HttpStatusCode.OK, "It does not become ready.");
    }

    /// <summary>The status of an answer, or null where nobody answers.</summary>
    public async Task<HttpStatusCode?> StatusAsync(HttpClient client, string path)
    {
        Assert.That(process.HasExited, Is.False, () => Output);
        try
        {
            using var answer = await client.GetAsync(path);
            return answer.StatusCode;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    /// <summary>Asks it to end, as every supervisor does.</summary>
    public void Terminate()
    {
        using var kill = Process.Start("kill", ["-TERM", process.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    public void Kill() => process.Kill();

    /// <summary>Waits for its end, and for the last of its words.</summary>
    public async Task<int> EndAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        await process.WaitForExitAsync(patience.Token);
        return process.ExitCode;
    }

    /// <summary>Asks it to end, and waits until it has.</summary>
    public Task<int> StopAsync()
    {
        Terminate();
        return EndAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            process.Kill();
        }

        await process.WaitForExitAsync();
        process.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private void Keep(string? line)
    {
        if (line is not null)
        {
            lines.Enqueue(line);
        }
    }
}
