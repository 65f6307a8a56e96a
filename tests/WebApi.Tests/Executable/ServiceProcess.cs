using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.RegularExpressions;
using PhoneAuth.WebApi.Tests.Harness;

namespace PhoneAuth.WebApi.Tests.Executable;

/// <summary>The service as its users start it: a process of its own, with settings in its environment and an empty folder to live in.</summary>
internal sealed partial class ServiceProcess : IAsyncDisposable
{
    public const string SecretKey = "a secret key that only tests know: 7Qm2x9";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process process;
    private readonly string folder;
    private readonly ConcurrentQueue<string> lines = new();
    private readonly TaskCompletionSource<Uri?> listening = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ServiceProcess(Process process, string folder) => (this.process, this.folder) = (process, folder);

    /// <summary>All it has written so far, to standard output and standard error.</summary>
    public IReadOnlyCollection<string> Lines => lines;

    public HttpClient Client { get; private set; } = null!;

    /// <summary>Starts it and waits until it listens.</summary>
    public static async Task<ServiceProcess> ServeAsync(string environment, params (string Key, string Value)[] settings)
    {
        var service = Start(environment, [], [.. settings, ("Serilog:MinimumLevel:Override:Microsoft.Hosting.Lifetime", "Information")]);
        var address = await service.listening.Task.WaitAsync(Patience);
        Assert.That(address, Is.Not.Null, string.Join('\n', service.Lines));
        service.Client = new HttpClient { BaseAddress = address };
        return service;
    }

    /// <summary>Runs it to its end, which is to come by itself.</summary>
    public static async Task<(int ExitCode, IReadOnlyCollection<string> Lines)> RunAsync(string environment, string[] arguments, params (string Key, string Value)[] settings)
    {
        await using var service = Start(environment, arguments, settings);
        using var patience = new CancellationTokenSource(Patience);
        await service.process.WaitForExitAsync(patience.Token);
        return (service.process.ExitCode, service.Lines);
    }

    /// <summary>Asks it to end, as a supervisor does, and waits until it has.</summary>
    public async Task StopAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        using var patience = new CancellationTokenSource(Patience);
        await process.WaitForExitAsync(patience.Token);
    }

    public async ValueTask DisposeAsync()
    {
        Client?.Dispose();
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
        }

        process.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private static ServiceProcess Start(string environment, string[] arguments, (string Key, string Value)[] settings)
    {
        var home = Directory.CreateTempSubdirectory("phoneauth_test_").FullName;
        File.Copy(Path.Combine(Repository.Root, "src", "WebApi", "appsettings.json"), Path.Combine(home, "appsettings.json"));
        var start = new ProcessStartInfo("dotnet", ["exec", typeof(Program).Assembly.Location, .. arguments])
        {
            WorkingDirectory = home,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var inherited in start.Environment.Keys.Where(key => key.StartsWith("ASPNETCORE_", StringComparison.Ordinal)).ToList())
        {
            start.Environment.Remove(inherited);
        }

        start.Environment["ASPNETCORE_ENVIRONMENT"] = environment;
        start.Environment["ASPNETCORE_URLS"] = "http://127.0.0.1:0";
        foreach (var (key, value) in settings)
        {
            start.Environment[key.Replace(":", "__", StringComparison.Ordinal)] = value;
        }

        var service = new ServiceProcess(new Process { StartInfo = start, EnableRaisingEvents = true }, home);
        service.process.OutputDataReceived += (_, line) => service.Hear(line.Data);
        service.process.ErrorDataReceived += (_, line) => service.Hear(line.Data);
        service.process.Exited += (_, _) => service.listening.TrySetResult(null);
        service.process.Start();
        service.process.BeginOutputReadLine();
        service.process.BeginErrorReadLine();
        return service;
    }

    private void Hear(string? line)
    {
        if (line is null)
        {
            return;
        }

        lines.Enqueue(line);
        if (Listening().Match(line) is { Success: true } match)
        {
            listening.TrySetResult(new Uri(match.Groups["address"].Value));
        }
    }

    [GeneratedRegex(@"listening on: \W*(?<address>http://127\.0\.0\.1:\d+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Listening();
}
