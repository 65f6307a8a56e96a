namespace PhoneAuth.WebApi.Http;

/// <summary>Runs the service, and tells how it ended.</summary>
internal static class Running
{
    /// <summary>
    /// Serves until the service is told to stop, or a part of it fails. The host stops for a part that fails while it runs, and calls that a good
    /// end; whoever starts services again when they fail would leave this one down.
    /// </summary>
    /// <exception cref="Exception">What the part failed with.</exception>
    public static async Task RunToItsEndAsync(this WebApplication app)
    {
        var parts = app.Services.GetServices<IHostedService>().OfType<BackgroundService>().ToList();
        await app.RunAsync();
        await Task.WhenAll(parts.Select(part => part.ExecuteTask).OfType<Task>().Where(task => task.IsFaulted));
    }
}
