using PhoneAuth.Infrastructure;

namespace PhoneAuth.WebApi.Http;

/// <summary>
/// What a start takes long for and what does not wait for each other, on another core. Whoever needs it first waits until it is made; where it
/// fails it is made again by whoever needs it, and fails there.
/// </summary>
internal static class Meanwhile
{
    /// <summary>The model of the database, while the settings are checked.</summary>
    public static void MakeReadyMeanwhile(this WebApplication app) => _ = Task.Run(app.Services.MakeReady);

    /// <summary>The endpoints, while the schema is brought up to date. To ask for them is to build them.</summary>
    public static void BuildEndpointsMeanwhile(this WebApplication app) => _ = Task.Run(() => app.Services.GetRequiredService<EndpointDataSource>().Endpoints.Count);
}
