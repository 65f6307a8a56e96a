using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using PhoneAuth.Infrastructure.Persistence;
using PhoneAuth.Infrastructure.Tests.Harness;
using PhoneAuth.Testing;

namespace PhoneAuth.Infrastructure.Tests.Persistence;

[OnBothDatabases]
[Parallelizable(ParallelScope.Self)]
internal sealed class MigrationTests(DatabaseKind kind)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Test]
    public async Task An_empty_database_is_not_ready_until_it_is_migrated_and_twice_does_no_harm()
    {
        await using var store = Store.On(await TestDatabase.CreateEmptyAsync(kind));
        if (kind == DatabaseKind.PostgreSql)
        {
            Assert.That(await store.Migrator.IsReadyAsync(default), Is.False);
        }

        await store.Migrator.MigrateAsync(default);
        await store.Migrator.MigrateAsync(default);
        Assert.That(await store.Migrator.IsReadyAsync(default), Is.True);
        await using var context = store.Database.Open();
        Assert.That(await context.Database.GetPendingMigrationsAsync(), Is.Empty);
        Assert.That(await context.Users.CountAsync() + await context.Sessions.CountAsync() + await context.Leases.CountAsync(), Is.Zero);
    }

    [Test]
    public async Task Any_number_of_instances_may_start_at_once_on_an_empty_database()
    {
        await using var first = Store.On(await TestDatabase.CreateEmptyAsync(kind));
        var others = Enumerable.Range(0, 5).Select(_ => Store.On(first.Database)).ToList();
        using var patience = new CancellationTokenSource(Patience);
        await Task.WhenAll(others.Append(first).Select(instance => Task.Run(() => instance.Migrator.MigrateAsync(patience.Token))));
        await using var context = first.Database.Open();
        Assert.That(await context.Database.GetAppliedMigrationsAsync(), Is.EqualTo(context.Database.GetMigrations()));
        foreach (var other in others)
        {
            Assert.That(await other.Migrator.IsReadyAsync(default), Is.True);
            await other.StopAsync();
        }
    }

    [Test]
    public async Task The_model_has_no_change_that_no_migration_makes()
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        await using var context = database.Open();
        Assert.That(context.Database.HasPendingModelChanges(), Is.False, "Run tools/Migrations/add.sh.");
    }

    [Test]
    public async Task Both_databases_have_the_same_migrations()
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        await using var context = database.Open();
        var other = kind == DatabaseKind.Sqlite ? DatabaseKind.PostgreSql : DatabaseKind.Sqlite;
        await using var others = await TestDatabase.CreateAsync(other);
        await using var otherContext = others.Open();
        Assert.That(Names(context), Is.EqualTo(Names(otherContext)).And.Not.Empty);

        static IEnumerable<string> Names(PhoneAuthContext context) => context.Database.GetMigrations().Select(id => id[(id.IndexOf('_', StringComparison.Ordinal) + 1)..]);
    }

    [Test]
    public async Task A_migrator_that_was_killed_blocks_nobody_after_it()
    {
        await using var store = Store.On(await TestDatabase.CreateEmptyAsync(kind));
        await using (var context = store.Database.Open())
        {
            // What EF leaves behind when its process dies: on SQLite a row, on PostgreSQL nothing, since locks end with their connection.
            var history = context.GetService<IHistoryRepository>();
            await history.CreateIfNotExistsAsync();
            if (kind == DatabaseKind.Sqlite)
            {
                await context.Database.ExecuteSqlRawAsync(
                    """CREATE TABLE "__EFMigrationsLock" ("Id" INTEGER NOT NULL PRIMARY KEY, "Timestamp" TEXT NOT NULL); INSERT INTO "__EFMigrationsLock" VALUES (1, '2026-11-22');""");
            }
        }

        using var patience = new CancellationTokenSource(Patience);
        await store.Migrator.MigrateAsync(patience.Token);
        Assert.That(await store.Migrator.IsReadyAsync(default), Is.True);
    }
}
