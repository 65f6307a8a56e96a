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
    public async Task Writers_stand_in_line_one_after_the_other_and_in_order()
    {
        using var queue = new WriteQueue(oneWriter: true);
        var first = await queue.EnterAsync(default);
        var (second, third) = (queue.EnterAsync(default), queue.EnterAsync(default));
        Assert.That((second.IsCompleted, third.IsCompleted), Is.EqualTo((false, false)));
        first!.Dispose();
        (await second)!.Dispose();
        (await third)!.Dispose();
        Assert.That(queue.EnterAsync(default).IsCompleted, Is.True);
    }

    [Test]
    public async Task Who_gives_up_waiting_takes_nobodys_turn()
    {
        using var queue = new WriteQueue(oneWriter: true);
        var first = await queue.EnterAsync(default);
        using var impatience = new CancellationTokenSource();
        var second = queue.EnterAsync(impatience.Token);
        await impatience.CancelAsync();
        Assert.That(async () => await second, Throws.InstanceOf<OperationCanceledException>());
        first!.Dispose();
        Assert.That(queue.EnterAsync(default).IsCompleted, Is.True);
    }

    [Test]
    public async Task Many_writers_need_no_line()
    {
        using var queue = new WriteQueue(oneWriter: false);
        Assert.That((queue.OneWriter, await queue.EnterAsync(default)), Is.EqualTo((false, (IDisposable?)null)));
    }

    private static async Task<string> PragmaAsync(PhoneAuthContext context, string name)
    {
        await context.Database.OpenConnectionAsync();
        await using var command = context.Database.GetDbConnection().CreateCommand();
        command.CommandText = "PRAGMA " + name;
        return Convert.ToString(await command.ExecuteScalarAsync(), System.Globalization.CultureInfo.InvariantCulture)!;
    }
}
