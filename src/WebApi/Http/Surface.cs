using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace PhoneAuth.WebApi.Http;

/// <summary>How much of the server one caller can take.</summary>
internal static class Surface
{
    private const string DefaultUrl = "http://localhost:8080";

    public static void LimitServer(this WebApplicationBuilder builder)
    {
        builder.WebHost.ConfigureKestrel(server =>
        {
            server.AddServerHeader = false;
            server.Limits.MaxRequestBodySize = 4 * BodyReader.MaxBytes;
            server.Limits.MaxRequestHeadersTotalSize = 16 * 1024;
            server.Limits.MaxRequestHeaderCount = 64;
            server.Limits.MaxRequestLineSize = 4 * 1024;
            server.Limits.MaxConcurrentConnections = 10_000;
            server.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
            server.Limits.KeepAliveTimeout = TimeSpan.FromMinutes(2);
            server.Limits.MinRequestBodyDataRate = new MinDataRate(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(5));
        });
        var settings = builder.Configuration;
        if (string.IsNullOrEmpty(settings["urls"]) && string.IsNullOrEmpty(settings["http_ports"]) && !settings.GetSection("Kestrel:Endpoints").Exists())
        {
            builder.WebHost.UseUrls(DefaultUrl);
        }

        CheckUrls(settings["urls"]);
    }

    private static void CheckUrls(string? urls)
    {
        var wrong = (urls ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Where(url => !IsAddress(url)).Select(url => $"urls: '{url}' is not an address to listen on, as http://localhost:8080 is.").ToList();
        if (wrong.Count > 0)
        {
            throw new OptionsValidationException("urls", typeof(string), wrong);
        }
    }

    private static bool IsAddress(string url)
    {
        try
        {
            // A port that is no number is taken for a part of the host's name, and then any port of any network would do.
            var address = BindingAddress.Parse(url);
            return address.IsUnixPipe || address.IsNamedPipe || !address.Host.Contains(':', StringComparison.Ordinal) || address.Host.StartsWith('[');
        }
        catch (FormatException)
        {
            return false;
        }
    }
}
