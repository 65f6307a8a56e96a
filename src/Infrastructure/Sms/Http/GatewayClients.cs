using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;

namespace PhoneAuth.Infrastructure.Sms.Http;

/// <summary>The HTTP clients of gateways: fresh addresses, no redirects, no cookies, small answers, and not a word in the log.</summary>
internal static class GatewayClients
{
    /// <summary>The largest answer that is read, in bytes.</summary>
    public const int LargestAnswer = 64 * 1024;

    private const int LargestHeadersInKiB = 16;
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(2);

    /// <summary>Adds the client of one gateway.</summary>
    /// <param name="services">Where to.</param>
    /// <param name="name">The gateway's name.</param>
    /// <param name="adjust">What is special about it.</param>
    public static IServiceCollection AddGatewayClient(this IServiceCollection services, string name, Action<SocketsHttpHandler, IServiceProvider>? adjust = null)
    {
        services.AddHttpClient(name, client => client.Timeout = Timeout.InfiniteTimeSpan)
            .RemoveAllLoggers()
            .UseSocketsHttpHandler((handler, provider) =>
            {
                handler.AllowAutoRedirect = false;
                handler.UseCookies = false;
                handler.PooledConnectionLifetime = ConnectionLifetime;
                handler.ConnectTimeout = ConnectTimeout;
                handler.MaxResponseHeadersLength = LargestHeadersInKiB;

                // Traced here, but strangers need not know under which number.
                handler.ActivityHeadersPropagator = DistributedContextPropagator.CreateNoOutputPropagator();
                adjust?.Invoke(handler, provider);
            })
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan);
        return services;
    }
}
