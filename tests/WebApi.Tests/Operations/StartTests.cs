using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using PhoneAuth.Infrastructure.Persistence;
using PhoneAuth.Testing;
using PhoneAuth.WebApi.Tests.Harness;

namespace PhoneAuth.WebApi.Tests.Operations;

[Parallelizable(ParallelScope.All)]
internal sealed class StartTests
{
    [Test]
    public async Task A_database_that_comes_later_is_waited_for_with_one_line_and_then_served()
    {
        await using var database = await TestDatabase.CreateEmptyAsync(DatabaseKind.PostgreSql);
        await using var gate = new Gate(database.ConnectionString);
        await using var service = ServiceProcess.Serve(gate.ConnectionString);
        using var client = service.CreateClient();
        await ServiceProcess.UntilAsync(async () => await service.StatusAsync(client, "/health/live") is HttpStatusCode.OK, "It does not live.");
        await ServiceProcess.UntilAsync(() => Task.FromResult(gate.Refused >= 4), "It does not try again.");
        var early = await client.SendCodeAsync(Calls.NewNumber());
        gate.Open();
        await service.ReadyAsync();
        var later = await client.SendCodeAsync(Calls.NewNumber());
        Assert.That((early.Status, early.Code), Is.EqualTo((HttpStatusCode.ServiceUnavailable, "unavailable")));
        Assert.That(later.Status, Is.EqualTo(HttpStatusCode.Accepted));
        await ServiceProcess.UntilAsync(() => Task.FromResult(service.Output.Contains("The database has arrived", StringComparison.Ordinal)), "It does not say so.");
        Assert.That(service.Lines, Has.Exactly(1).Contains("Waiting for it").And.None.Contains("An error occurred using the connection"));
    }

    [Test]
    public async Task A_service_that_waits_for_its_database_ends_when_it_is_told_to()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        await using var service = ServiceProcess.Serve($"Host=127.0.0.1;Port={((IPEndPoint)silent.LocalEndpoint).Port};Database=none;Username=none");
        using var waiting = await silent.AcceptTcpClientAsync();
        service.Terminate();
        Assert.That(await service.EndAsync(), Is.Zero, () => service.Output);
    }

    [Test]
    public async Task A_first_start_complains_of_nothing()
    {
        await using var database = await TestDatabase.CreateEmptyAsync(DatabaseKind.PostgreSql);
        await using var service = ServiceProcess.Serve(database.ConnectionString);
        await service.ReadyAsync();
        Assert.That(service.Lines, Has.None.Contains("\"@l\":\"Error\"").And.None.Contains("Cannot load library"));
    }

    [TestCase(DatabaseKind.Sqlite)]
    [TestCase(DatabaseKind.PostgreSql)]
    public async Task Where_migrations_run_by_themselves_the_service_waits_for_them_and_complains_of_nothing(DatabaseKind kind)
    {
        await using var database = await TestDatabase.CreateEmptyAsync(kind);
        await using var api = Api.StartOn(database, new FakeClock(), ("Database:MigrateAtStart", "false"));
        var early = await api.Client.ReadAsync(HttpMethod.Get, "/health/ready");
        var errors = api.Logs.Lines.Where(line => line.StartsWith("Error", StringComparison.Ordinal)).ToList();
        await api.Services.GetRequiredService<DatabaseMigrator>().MigrateAsync(CancellationToken.None);
        var later = await api.Client.ReadAsync(HttpMethod.Get, "/health/ready");
        Assert.That((early.Status, later.Status), Is.EqualTo((HttpStatusCode.ServiceUnavailable, HttpStatusCode.OK)));
        Assert.That(errors, Is.Empty);
        Assert.That(api.Logs.Lines, Has.Exactly(1).Contains("its schema is not this version's"));
        Assert.That((await api.SignInAsync()).SignIn.GetProperty("isNewUser").GetBoolean(), Is.True);
    }

    [TestCase("-00:00:01")]
    [TestCase("00:00:16")]
    public async Task A_delay_that_is_out_of_bounds_stops_the_start_with_a_line(string delay)
    {
        await using var service = ServiceProcess.Serve("Data Source=none.db", ("ShutdownDelay", delay));
        Assert.That(await service.EndAsync(), Is.EqualTo(1));
        Assert.That(service.Lines, Has.One.EqualTo("The settings are not right: ShutdownDelay: Set it to between 00:00:00 and 00:00:15."));
    }

    [Test]
    public async Task The_version_is_the_one_that_stands_in_one_place()
    {
        await using var version = ServiceProcess.Command("--version");
        Assert.That(await version.EndAsync(), Is.Zero);
        Assert.That(version.Lines, Is.EqualTo(new[] { Repository.Version }));
    }

    /// <summary>A way to a database that is shut at first: whoever comes is turned away.</summary>
    private sealed class Gate : IAsyncDisposable
    {
        private readonly TcpListener listener = new(IPAddress.Loopback, 0);
        private readonly Npgsql.NpgsqlConnectionStringBuilder behind;
        private readonly CancellationTokenSource end = new();
        private readonly Task work;
        private volatile bool open;
        private int refused;

        public Gate(string connection)
        {
            behind = new Npgsql.NpgsqlConnectionStringBuilder(connection);
            listener.Start();
            ConnectionString = new Npgsql.NpgsqlConnectionStringBuilder(connection)
            {
                Host = "127.0.0.1",
                Port = ((IPEndPoint)listener.LocalEndpoint).Port,
            }.ConnectionString;
            work = WorkAsync();
        }

        public string ConnectionString { get; }

        public int Refused => Volatile.Read(ref refused);

        public void Open() => open = true;

        public async ValueTask DisposeAsync()
        {
            await end.CancelAsync();
            listener.Stop();
            await work;
            listener.Dispose();
            end.Dispose();
        }

        private async Task WorkAsync()
        {
            var passages = new List<Task>();
            try
            {
                while (true)
                {
                    var caller = await listener.AcceptTcpClientAsync(end.Token);
                    if (open)
                    {
                        passages.Add(PassAsync(caller));
                    }
                    else
                    {
                        Interlocked.Increment(ref refused);
                        caller.Dispose();
                    }
                }
            }
            catch (OperationCanceledException) when (end.IsCancellationRequested)
            {
                await Task.WhenAll(passages);
            }
        }

        private async Task PassAsync(TcpClient caller)
        {
            using var database = new TcpClient();
            try
            {
                using (caller)
                {
                    await database.ConnectAsync(behind.Host!, behind.Port, end.Token);
                    await Task.WhenAny(
                        caller.GetStream().CopyToAsync(database.GetStream(), end.Token),
                        database.GetStream().CopyToAsync(caller.GetStream(), end.Token));
                }
            }
            catch (OperationCanceledException) when (end.IsCancellationRequested)
            {
                // The test is over.
            }
        }
    }
}
