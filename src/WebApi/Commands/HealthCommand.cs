using System.CommandLine;
using System.Globalization;

namespace PhoneAuth.WebApi.Commands;

/// <summary>Asks the service on this machine whether it is ready: a container's health check needs no shell and no curl.</summary>
internal static class HealthCommand
{
    private const int NotReady = 1;
    private const int DefaultPort = 8080;
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    public static Command Create()
    {
        var command = new Command("health", "Ask the service on this machine whether it is ready");
        command.SetAction((_, cancellationToken) => RunAsync(cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var settings = new ConfigurationBuilder().AddEnvironmentVariables("ASPNETCORE_").AddEnvironmentVariables().Build();
        var uri = AddressOf(settings["urls"], settings["http_ports"]);
        using var client = new HttpClient { Timeout = Timeout };
        try
        {
            using var answer = await client.GetAsync(uri, cancellationToken);
            await Console.Out.WriteLineAsync(answer.IsSuccessStatusCode ? "ready" : "not ready");
            return answer.IsSuccessStatusCode ? 0 : NotReady;
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
        {
            await Console.Error.WriteLineAsync($"Nobody answers at {uri}.");
            return NotReady;
        }
    }

    /// <summary>Where the service listens, by the settings that tell it: the first of the URLs, or of the ports.</summary>
    internal static Uri AddressOf(string? urls, string? ports)
    {
        var url = urls?.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .FirstOrDefault(candidate => candidate.StartsWith("http://", StringComparison.OrdinalIgnoreCase));
        var port = url is not null ? BindingAddress.Parse(url).Port
            : int.TryParse(ports?.Split(';')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var first) ? first
            : DefaultPort;
        return new UriBuilder(Uri.UriSchemeHttp, "127.0.0.1", port, "/health/ready").Uri;
    }
}
