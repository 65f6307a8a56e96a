using System.Diagnostics;
using System.Globalization;
using System.Text;
using PhoneAuth.Testing;

namespace PhoneAuth.WebApi.Tests.Harness;

/// <summary>A process of <c>prism proxy</c>, which holds what passes through it against the OpenAPI document.</summary>
internal sealed class Prism : IAsyncDisposable
{
    private readonly Process process;
    private readonly HttpClient client;

    private Prism(Process process, Uri address)
    {
        // Tests send headers that are not ASCII, and send them many at a time.
        var handler = new SocketsHttpHandler { RequestHeaderEncodingSelector = (_, _) => Encoding.UTF8, UseCookies = false, AllowAutoRedirect = false };
        (this.process, client) = (process, new HttpClient(handler) { BaseAddress = address });
    }

    /// <summary>Starts the program, for an upstream that answers already.</summary>
    public static async Task<Prism> StartAsync(string program, Uri upstream, params string[] options)
    {
        var port = Ports.Free();
        string[] arguments =
        [
            "proxy", Path.Combine(Repository.Root, "openapi", "v1.json"), upstream.ToString(), "--port", port.ToString(CultureInfo.InvariantCulture),
            "--cors=false", "--multiprocess=false", "--verboseLevel=silent", .. options,
        ];
        var prism = new Prism(Process.Start(new ProcessStartInfo(program, arguments))!, new Uri(Calls.Local(port)));
        await ServiceProcess.UntilAsync(prism.AnswersAsync, "Prism does not answer.");
        return prism;
    }

    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => client.SendAsync(request, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
    }

    private async Task<bool> AnswersAsync()
    {
        Assert.That(process.HasExited, Is.False, "Prism has ended.");
        try
        {
            using var answer = await client.GetAsync("/");
            return true;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
