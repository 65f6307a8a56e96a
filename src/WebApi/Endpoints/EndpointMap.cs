using PhoneAuth.Infrastructure.Sms;
using PhoneAuth.WebApi.Http;

namespace PhoneAuth.WebApi.Endpoints;

/// <summary>Every address there is.</summary>
internal static class EndpointMap
{
    public static void MapEndpoints(this WebApplication app)
    {
        var api = app.MapGroup("").AddEndpointFilter<ReadableBodyFilter>();
        api.MapSignIn();
        api.MapProfile();
        api.MapSessions();
        api.MapMachines();
        api.MapReceipts();
        var inboxIsOn = app.Services.GetRequiredService<SimulatedSmsOptions>().Inbox ?? app.Environment.IsDevelopment();
        api.MapInbox(inboxIsOn);
        if (inboxIsOn)
        {
            app.MapInboxPage();
        }

        if (app.Services.GetRequiredService<DocsOptions>().Enabled)
        {
            app.MapDocs();
        }
    }
}
