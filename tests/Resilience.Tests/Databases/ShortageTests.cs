using System.Net;
using PhoneAuth.Resilience.Tests.Harness;
using PhoneAuth.Testing;

namespace PhoneAuth.Resilience.Tests.Databases;

/// <summary>PostgreSQL is there, but has no connection to give, no time, no room, or does not let anybody write.</summary>
[Parallelizable(ParallelScope.Self)]
internal sealed class ShortageTests
{
    private PostgresCluster cluster = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => cluster = await PostgresCluster.StartAsync();

    [OneTimeTearDown]
    public async Task StopAsync() => await cluster.DisposeAsync();

    [Test]
    public async Task With_no_connection_left_in_the_pool_callers_are_told_to_come_back()
    {
        var (name, connectionString) = await cluster.AddDatabaseAsync();
        await using var service = await StartAsync(connectionString + ";Maximum Pool Size=4;Timeout=1");
        using var client = service.CreateClient();
        List<Task<Answer>> waiting = [];
        await using (var connection = await cluster.OpenAsync(name))
        {
            await using var transaction = await connection.BeginTransactionAsync();
            await using (var command = new Npgsql.NpgsqlCommand("LOCK TABLE verification_codes", connection, transaction))
            {
                await command.ExecuteNonQueryAsync();
            }

            // Those who come together share a connection, so they come one after the other. Whatever else the service has to ask stands in line for
            // the table too.
            await using var watcher = await cluster.OpenAsync(name);
            await using var blocked = new Npgsql.NpgsqlCommand("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'", watcher);
            for (var taken = 1; taken <= 4; taken++)
            {
                waiting.Add(client.SendCodeAsync(Calls.NewNumber()));
                await ServiceProcess.UntilAsync(async () => (long)(await blocked.ExecuteScalarAsync())! >= taken, "Nobody waits for the table.");
            }

            waiting.AddRange(Enumerable.Range(0, 12).Select(_ => client.SendCodeAsync(Calls.NewNumber())));
            await ServiceProcess.UntilAsync(() => Task.FromResult(waiting.Count(task => task.IsCompleted) >= 12), "Nobody is answered.");
            await Availability.AssertGoneAsync(service, client);
            await transaction.RollbackAsync();
        }

        var answers = await Task.WhenAll(waiting);
        Assert.That(answers.Select(answer => answer.Status), Has.Some.EqualTo(HttpStatusCode.Accepted));
        Availability.AssertServedOrPutOff(answers);
        await Availability.AssertBackAsync(service, client);
    }

    [Test]
    public async Task A_statement_that_takes_too_long_is_given_up_and_its_caller_told_to_come_back()
    {
        var (name, connectionString) = await cluster.AddDatabaseAsync();
        await using var service = await StartAsync(connectionString + ";Options=-c statement_timeout=300");
        using var client = service.CreateClient();
        await using (var connection = await cluster.OpenAsync(name))
        {
            await using var transaction = await connection.BeginTransactionAsync();
            await using (var command = new Npgsql.NpgsqlCommand("LOCK TABLE verification_codes, signing_keys", connection, transaction))
            {
                await command.ExecuteNonQueryAsync();
            }

            var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => client.SendCodeAsync(Calls.NewNumber())));
            Assert.That(answers.Select(answer => answer.Status), Is.All.EqualTo(HttpStatusCode.ServiceUnavailable));
            Availability.AssertServedOrPutOff(answers);
            await Availability.AssertGoneAsync(service, client);
            await transaction.RollbackAsync();
        }

        await Availability.AssertBackAsync(service, client);
    }

    [Test]
    public async Task Where_nobody_may_write_what_is_known_is_still_told_and_changes_are_put_off()
    {
        var (name, connectionString) = await cluster.AddDatabaseAsync();
        await using var service = await StartAsync(connectionString);
        using var client = service.CreateClient();
        await Availability.AssertPutsOffAsync(service, client, () => ReadOnlyAsync(name, "on"), () => ReadOnlyAsync(name, "off"));
    }

    [Test]
    public async Task With_its_disk_full_what_is_known_is_still_told_and_changes_are_put_off()
    {
        var (name, connectionString) = await cluster.AddDatabaseAsync();
        using var disk = SmallDisk.TryCreate(megabytes: 64, ownedByPostgres: true);
        if (disk is null)
        {
            await FillAsync(
                () => cluster.ExecuteAsync(
                    "CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'no room' USING ERRCODE = 'disk_full'; END $$;"
                    + "CREATE TRIGGER no_room BEFORE INSERT ON verification_codes EXECUTE FUNCTION no_room()",
                    name),
                () => cluster.ExecuteAsync("DROP TRIGGER no_room ON verification_codes", name));
            return;
        }

        await cluster.ExecuteAsync($"CREATE TABLESPACE small LOCATION '{disk.Folder}'");
        try
        {
            await cluster.ExecuteAsync($"ALTER DATABASE {name} SET TABLESPACE small");
            await FillAsync(disk.FillAsync, disk.FreeAsync);
        }
        finally
        {
            await cluster.ExecuteAsync($"DROP DATABASE {name} WITH (FORCE)");
            await cluster.ExecuteAsync("DROP TABLESPACE small");
        }

        async Task FillAsync(Func<Task> fill, Func<Task> free)
        {
            await using var service = await StartAsync(connectionString);
            using var client = service.CreateClient();
            await Availability.AssertPutsOffAsync(service, client, fill, free);
        }
    }

    private static async Task<ServiceProcess> StartAsync(string connectionString)
    {
        var service = ServiceProcess.Serve(connectionString, Unlimited.Settings);
        await service.ReadyAsync();
        return service;
    }

    /// <summary>For those who come in from now on; who is in is thrown out.</summary>
    private async Task ReadOnlyAsync(string name, string word)
    {
        await cluster.ExecuteAsync($"ALTER DATABASE {name} SET default_transaction_read_only = {word}");
        await cluster.ExecuteAsync($"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'");
    }
}
