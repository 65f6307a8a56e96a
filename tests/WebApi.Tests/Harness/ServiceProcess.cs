<<<<<<< HEAD
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;

namespace PhoneAuth.WebApi.Tests.Harness;

/// <summary>The service as a process of its own, on the system's clock: for what only a process can show.</summary>
internal sealed class ServiceProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(25);
    private readonly Process process;
    private readonly ConcurrentQueue<string> lines = new();

    private ServiceProcess(IEnumerable<string> arguments, params IEnumerable<(string Key, string Value)> settings)
    {
        var start = new ProcessStartInfo(Path.Combine(TestContext.CurrentContext.TestDirectory, "PhoneAuth.WebApi"), arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            WorkingDirectory = Path.GetTempPath(),
        };
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

    public int ExitCode => process.ExitCode;

    public bool HasExited => process.HasExited;

    /// <summary>All that it has written, line by line.</summary>
    public IReadOnlyCollection<string> Lines => lines;

    public string Output => string.Join('\n', lines);

    /// <summary>Starts the service on a free port; it need not be ready yet.</summary>
    public static ServiceProcess Serve(string connection, params (string Key, string Value)[] settings)
    {
        var address = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{Api.FreePort()}"));
        return new ServiceProcess(
            [],
            [
                ("ASPNETCORE_ENVIRONMENT", "Testing"), ("ASPNETCORE_URLS", address.ToString()), ("ConnectionStrings:Database", connection),
                ("SecretKey", Api.SecretKey), ("Sms:Simulated:Inbox", "true"), ("Sms:Simulated:Delay", "00:00:00"), ("Verification:ResendWait", "00:00:00"),
                ("RateLimits:SendCodePerHour", "0"), ("RateLimits:SendCodePerDay", "0"), ("RateLimits:VerifyCodePerMinute", "0"), .. settings,
            ])
        {
            Address = address,
        };
    }

    /// <summary>Starts a command.</summary>
    public static ServiceProcess Command(params string[] arguments) => new(arguments);

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
=======
using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;

namespace PhoneAuth.WebApi.Tests.Harness;

/// <summary>The program itself, in a process of its own, on an SQLite file or another database.</summary>
internal sealed partial class ServiceProcess : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process process;
    private readonly StringBuilder errors = new();

    private ServiceProcess(Process process) => this.process = process;

    public HttpClient Client { get; } = new();

    /// <summary>Starts the service and waits until it listens.</summary>
    public static async Task<ServiceProcess> StartAsync(string connectionString, params (string Key, string Value)[] settings)
    {
        var started = Run([], connectionString, [("ASPNETCORE_URLS", "http://127.0.0.1:0"), ("Serilog__MinimumLevel__Override__Microsoft.Hosting.Lifetime", "Information"), .. settings]);
        using var patience = new CancellationTokenSource(Patience);
        while (await started.process.StandardOutput.ReadLineAsync(patience.Token) is { } line)
        {
            if (Listening().Match(line) is { Success: true } match)
            {
                started.Client.BaseAddress = new Uri(match.Value);
                _ = started.process.StandardOutput.ReadToEndAsync(CancellationToken.None);
                return started;
            }
        }

        throw new InvalidOperationException("The service did not start: " + started.errors);
    }

    /// <summary>Runs one command to its end.</summary>
    public static async Task<(int ExitCode, string Output, string Errors)> CommandAsync(string[] arguments, string connectionString)
    {
        using var command = Run(arguments, connectionString, []);
        using var patience = new CancellationTokenSource(Patience);
        var output = await command.process.StandardOutput.ReadToEndAsync(patience.Token);
        await command.process.WaitForExitAsync(patience.Token);
        return (command.process.ExitCode, output, command.errors.ToString());
    }

    /// <summary>Asks the service to end, as an operator does, and waits until it has.</summary>
    public async Task<int> StopAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
>>>>>>> 85afc4b (Show how the service does: meters, spans without numbers, and an export to a collector)
        using var patience = new CancellationTokenSource(Patience);
        await process.WaitForExitAsync(patience.Token);
        return process.ExitCode;
    }

<<<<<<< HEAD
    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            process.Kill();
        }

        await process.WaitForExitAsync();
        process.Dispose();
    }

    private void Keep(string? line)
    {
        if (line is not null)
        {
            lines.Enqueue(line);
        }
    }
=======
    public void Dispose()
    {
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
        }

        process.Dispose();
        Client.Dispose();
    }

    private static ServiceProcess Run(string[] arguments, string connectionString, (string Key, string Value)[] settings)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(Program).Assembly.Location, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (var (key, value) in (IEnumerable<(string, string)>)
            [("ASPNETCORE_ENVIRONMENT", "Testing"), ("SecretKey", Api.SecretKey), ("ConnectionStrings__Database", connectionString), .. settings])
        {
            start.Environment[key] = value;
        }

        var run = new ServiceProcess(Process.Start(start)!);
        run.process.ErrorDataReceived += (_, line) => run.errors.AppendLine(line.Data);
        run.process.BeginErrorReadLine();
        return run;
    }

    [GeneratedRegex(@"http://127\.0\.0\.1:[1-9][0-9]*", RegexOptions.NonBacktracking)]
    private static partial Regex Listening();
>>>>>>> 85afc4b (Show how the service does: meters, spans without numbers, and an export to a collector)
}
