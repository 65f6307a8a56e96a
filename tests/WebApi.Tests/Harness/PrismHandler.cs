namespace PhoneAuth.WebApi.Tests.Harness;

/// <summary>Stands before a service's own handler and takes each request the long way round.</summary>
internal sealed class PrismHandler(PrismRun run) : DelegatingHandler
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        run.PassAsync(request, () => base.SendAsync(request, cancellationToken), cancellationToken);
}
