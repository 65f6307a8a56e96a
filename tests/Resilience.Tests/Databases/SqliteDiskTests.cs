using Microsoft.EntityFrameworkCore;
using PhoneAuth.Resilience.Tests.Harness;
using PhoneAuth.Testing;

namespace PhoneAuth.Resilience.Tests.Databases;

/// <summary>The disk of an SQLite file is full.</summary>
[Parallelizable(ParallelScope.Self)]
internal sealed class SqliteDiskTests
{
    [Test]
    public async Task With_its_disk_full_what_is_known_is_still_told_and_changes_are_put_off()
    {
        await using var database = await TestDatabase.CreateAsync(DatabaseKind.Sqlite);
        using var disk = SmallDisk.TryCreate(megabytes: 8);
        await using var service = ServiceProcess.Serve(
            disk is null ? database.ConnectionString : "Data Source=" + Path.Combine(disk.Folder, "phoneauth.db"), Unlimited.Settings);
        await service.ReadyAsync();
        using var client = service.CreateClient();
        await using var context = database.Open();
        await Availability.AssertPutsOffAsync(
            service,
            client,
            disk is not null ? disk.FillAsync : () => context.Database.ExecuteSqlAsync($"CREATE TRIGGER no_room BEFORE INSERT ON verification_codes BEGIN SELECT RAISE(ABORT, 'no room'); END"),
            disk is not null ? disk.FreeAsync : () => context.Database.ExecuteSqlAsync($"DROP TRIGGER no_room"));
    }

    [Test]
    public async Task A_file_that_may_only_be_read_stops_nobody_from_asking_how_the_service_is()
    {
        await using var database = await TestDatabase.CreateAsync(DatabaseKind.Sqlite);
        await using var service = ServiceProcess.Serve(database.ConnectionString + ";Mode=ReadOnly", Unlimited.Settings);
        using var client = service.CreateClient();
        await ServiceProcess.UntilAsync(async () => await service.StatusAsync(client, "/health/live") is System.Net.HttpStatusCode.OK, "It does not live.");
        await Availability.AssertGoneAsync(service, client);
    }
}
