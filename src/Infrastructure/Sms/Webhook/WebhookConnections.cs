using Microsoft.Extensions.DependencyInjection;
using PhoneAuth.Infrastructure.Sms.Http;

namespace PhoneAuth.Infrastructure.Sms.Webhook;

/// <summary>Keeps the webhook from being turned on our own networks (server-side request forgery), unless the settings allow it.</summary>
internal static class WebhookConnections
{
    public static void Guard(SocketsHttpHandler handler, IServiceProvider provider)
    {
        if (provider.GetRequiredService<WebhookSmsOptions>().AllowPrivateNetworks)
        {
            return;
        }

        // A proxy would connect in our place, to what it likes.
        handler.UseProxy = false;
        handler.ConnectCallback = PublicConnections.ConnectAsync;
    }
}
