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
        using var disk = SmallDisk.Create(megabytes: 8);
        await using var service = ServiceProcess.Serve("Data Source=" + Path.Combine(disk.Folder, "phoneauth.db"), Unlimited.Settings);
        await service.ReadyAsync();
        using var client = service.CreateClient();
        var person = await Availability.SignInAsync(client);
        disk.Fill();
        await Availability.AssertReadsOnlyAsync(service, client, person);
        disk.Free();
        await Availability.AssertBackAsync(service, client);
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
