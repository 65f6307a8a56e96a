using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using PhoneAuth.Testing;

namespace PhoneAuth.WebApi.Tests.Operations;

[Parallelizable(ParallelScope.All)]
internal sealed class StopTests
{
    private const int Callers = 50;
    private const int Stops = 3;

    [Test]
    public async Task Told_to_stop_it_is_first_not_ready_and_serves_on_then_finishes_what_it_has_and_ends()
    {
        await using var database = await TestDatabase.CreateAsync(DatabaseKind.Sqlite);
        await using var service = ServiceProcess.Serve(database.ConnectionString, ("ShutdownDelay", "00:00:02"));
        await service.ReadyAsync();
        using var client = service.CreateClient();
        using var half = await HalfARequestAsync(service.Address);
        service.Terminate();
        await ServiceProcess.UntilAsync(async () => await service.StatusAsync(client, "/health/ready") is HttpStatusCode.ServiceUnavailable, "It stays ready.");

        using var during = await client.PostAsJsonAsync("/send-code", new { phoneNumber = Calls.NewNumber() });
        Assert.That((during.StatusCode, during.Headers.ConnectionClose), Is.EqualTo((HttpStatusCode.Accepted, true)));
        await ServiceProcess.UntilAsync(async () => service.HasExited || !await AcceptsAsync(service.Address), "It listens on.");

        await half.GetStream().WriteAsync("\"}"u8.ToArray());
        using var reader = new StreamReader(half.GetStream());
        var answer = await reader.ReadToEndAsync();
        Assert.That(answer, Does.StartWith("HTTP/1.1 202").And.Contain("Connection: close"));
        Assert.That(await service.EndAsync(), Is.Zero, () => service.Output);
    }

    [Test]
    public async Task Instances_that_are_replaced_under_load_break_no_answer()
    {
        await using var database = await TestDatabase.CreateAsync(DatabaseKind.PostgreSql);

        // On a machine that is busy with other tests a caller may be slow to send what it has begun: the delay outlasts that.
        var services = Enumerable.Range(0, Stops + 1)
            .Select(_ => ServiceProcess.Serve(database.ConnectionString, ("ShutdownDelay", "00:00:04"), ("Serilog:MinimumLevel:Default", "Warning")))
            .ToList();
        try
        {
            await Task.WhenAll(services.Select(service => service.ReadyAsync()));
            var rotation = new Rotation();
            rotation.Enter(services[0]);
            using var end = new CancellationTokenSource();
            var callers = Enumerable.Range(0, Callers).Select(_ => Task.Run(() => CallAsync(rotation, end.Token))).ToList();
            foreach (var (old, next) in services.Zip(services.Skip(1)))
            {
                rotation.Enter(next);
                old.Terminate();
                await rotation.LeaveAsync(old);
                Assert.That(await old.EndAsync(), Is.Zero, () => old.Output);
            }

            await end.CancelAsync();
            var answers = (await Task.WhenAll(callers)).SelectMany(statuses => statuses).ToList();
            Assert.That(answers, Is.All.EqualTo(HttpStatusCode.Accepted).Or.EqualTo(HttpStatusCode.OK));
            Assert.That(answers, Has.Count.GreaterThan(Callers * Stops));
        }
        finally
        {
            foreach (var service in services)
            {
                await service.DisposeAsync();
            }
        }
    }

    /// <summary>Calls the instances in rotation, over connections that are kept; whatever breaks is thrown.</summary>
    private static async Task<List<HttpStatusCode>> CallAsync(Rotation rotation, CancellationToken end)
    {
        var statuses = new List<HttpStatusCode>();
        while (!end.IsCancellationRequested)
        {
            statuses.Add(await rotation.SendAsync(client => client.PostAsJsonAsync("/send-code", new { phoneNumber = Calls.NewNumber() }, CancellationToken.None)));
            statuses.Add(await rotation.SendAsync(client => client.GetAsync("/.well-known/jwks.json", CancellationToken.None)));
        }

        return statuses;
    }

    private static async Task<TcpClient> HalfARequestAsync(Uri address)
    {
        var connection = new TcpClient();
        await connection.ConnectAsync(address.Host, address.Port);
        var body = "{\"phoneNumber\":\"" + Calls.NewNumber();
        await connection.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
            $"POST /send-code HTTP/1.1\r\nHost: {address.Authority}\r\nContent-Type: application/json\r\nContent-Length: {body.Length + 2}\r\n\r\n{body}"));
        return connection;
    }

    private static async Task<bool> AcceptsAsync(Uri address)
    {
        try
        {
            using var connection = new TcpClient();
            await connection.ConnectAsync(address.Host, address.Port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>
    /// Stands in for a proxy: it sends requests to instances that say they are ready, and what an instance did not let in to another one.
    /// </summary>
    private sealed class Rotation
    {
        private readonly Dictionary<ServiceProcess, HttpClient> clients = [];
        private volatile HttpClient[] ready = [];
        private int turn;

        public async Task<HttpStatusCode> SendAsync(Func<HttpClient, Task<HttpResponseMessage>> send)
        {
            while (true)
            {
                var now = ready;
                try
                {
                    using var answer = await send(now[(uint)Interlocked.Increment(ref turn) % now.Length]);
                    return answer.StatusCode;
                }
                catch (HttpRequestException exception) when (exception.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionRefused })
                {
                    // Never accepted, so never begun.
                }
            }
        }

        public void Enter(ServiceProcess service)
        {
            clients.Add(service, service.CreateClient());
            ready = [.. clients.Values];
        }

        public async Task LeaveAsync(ServiceProcess service)
        {
            using var asking = service.CreateClient();
            await ServiceProcess.UntilAsync(async () => await service.StatusAsync(asking, "/health/ready") is HttpStatusCode.ServiceUnavailable, "It stays ready.");
            clients.Remove(service);
            ready = [.. clients.Values];
        }
    }
}
