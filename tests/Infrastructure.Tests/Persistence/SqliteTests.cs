using System.Data;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using PhoneAuth.Infrastructure.Persistence;
using PhoneAuth.Infrastructure.Tests.Harness;
using PhoneAuth.Testing;

namespace PhoneAuth.Infrastructure.Tests.Persistence;

[Parallelizable(ParallelScope.Self)]
internal sealed class SqliteTests
{
    [Test]
    public async Task A_connection_of_the_service_is_told_what_it_has_to_be()
    {
        await using var store = await Store.CreateAsync(DatabaseKind.Sqlite);
        await using var work = store.Begin();
        Assert.Multiple(async () =>
        {
            Assert.That(await PragmaAsync(work.Context, "journal_mode"), Is.EqualTo("wal"));
            Assert.That(await PragmaAsync(work.Context, "synchronous"), Is.EqualTo("2"), "FULL");
            Assert.That(await PragmaAsync(work.Context, "busy_timeout"), Is.EqualTo("5000"));
            Assert.That(await PragmaAsync(work.Context, "foreign_keys"), Is.EqualTo("1"));
        });
    }

    [Test]
    public async Task The_folder_of_the_file_is_made_when_it_is_missing()
    {
        var folder = Path.Combine(Path.GetTempPath(), "phoneauth_test_" + Guid.NewGuid().ToString("N"), "a", "b");
        var empty = await TestDatabase.CreateEmptyAsync(DatabaseKind.Sqlite);
        await using var store = Store.On(empty, services => services.ConfigureDbContext<SqliteContext>(
            options => options.UseSqlite(new SqliteConnectionStringBuilder { DataSource = Path.Combine(folder, "users.db") }.ConnectionString)));
        await store.Migrator.MigrateAsync(default);
        Assert.That(File.Exists(Path.Combine(folder, "users.db")), Is.True);
        await using (var work = store.Begin())
        {
            SqliteConnection.ClearPool((SqliteConnection)work.Context.Database.GetDbConnection());
        }

        Directory.Delete(Path.GetDirectoryName(Path.GetDirectoryName(folder))!, recursive: true);
    }

    [Test]
    public async Task A_unit_of_work_leaves_the_flush_for_later_and_no_other_statement_does()
    {
        await using var store = await Store.CreateAsync(DatabaseKind.Sqlite);
        await using var work = store.Begin();
        Assert.That(await work.Codes.LockAsync(Store.NewNumber(), default), Is.Null);
        Assert.That(await PragmaAsync(work.Context, "synchronous"), Is.EqualTo("1"), "NORMAL");
        await work.Context.Database.CloseConnectionAsync();
        await work.SaveAsync();
        Assert.That(await PragmaAsync(work.Context, "synchronous"), Is.EqualTo("2"), "FULL");
    }

    [Test]
    public async Task Of_many_who_wait_for_their_turn_only_so_many_have_the_file_open()
    {
        await using var store = await Store.CreateAsync(DatabaseKind.Sqlite);
        var first = await store.Resolve<WriteQueue>().EnterAsync(default);
        var works = Enumerable.Range(0, 3 * WriteQueue.Long).Select(_ => store.Begin()).ToList();
        var waiting = works.ConvertAll(work => work.Codes.LockAsync(Store.NewNumber(), default));
        var open = works.Count(work => work.Context.Database.GetDbConnection().State == ConnectionState.Open);
        Assert.That(open, Is.EqualTo(WriteQueue.Long));
        first!.Dispose();
        for (var i = 0; i < works.Count; i++)
        {
            Assert.That(await waiting[i], Is.Null);
            await works[i].SaveAsync();
            await works[i].DisposeAsync();
        }
    }

    [Test]
    public async Task A_database_without_a_log_flushes_each_commit_itself()
    {
        await using var store = await Store.CreateAsync(DatabaseKind.Sqlite);
        await using var work = store.Begin();
        Assert.That(await PragmaAsync(work.Context, "journal_mode = DELETE"), Is.EqualTo("delete"));
        Assert.That(await work.Context.LeaveFlushAsync(default), Is.Null);
        Assert.That(await PragmaAsync(work.Context, "synchronous"), Is.EqualTo("2"), "FULL");
    }

    [Test]
    public async Task The_log_is_beside_the_file_and_not_beside_a_link_to_it()
    {
        await using var database = await TestDatabase.CreateAsync(DatabaseKind.Sqlite);
        var file = new SqliteConnectionStringBuilder(database.ConnectionString).DataSource;
        var link = Path.Combine(Path.GetTempPath(), "phoneauth_test_link_" + Guid.NewGuid().ToString("N"));
        File.CreateSymbolicLink(link, file);
        try
        {
            await using var context = new SqliteContext(new DbContextOptionsBuilder<SqliteContext>().UseSqlite("Pooling=False;Data Source=" + link).Options);
            await context.Database.OpenConnectionAsync();
            await context.Database.ExecuteSqlAsync($"DELETE FROM leases");
            var log = await context.LeaveFlushAsync(default);
            Assert.That((log, File.Exists(log)), Is.EqualTo((file + "-wal", true)));
            await new SharedFlush().RunAsync(log!);
        }
        finally
        {
            File.Delete(link);
        }
    }

    private static async Task<string> PragmaAsync(PhoneAuthContext context, string name)
    {
        await context.Database.OpenConnectionAsync();
        await using var command = context.Database.GetDbConnection().CreateCommand();
        command.CommandText = "PRAGMA " + name;
        return Convert.ToString(await command.ExecuteScalarAsync(), System.Globalization.CultureInfo.InvariantCulture)!;
    }
}
