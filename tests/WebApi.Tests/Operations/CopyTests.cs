using System.Net.Http.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.Extensions.DependencyInjection;
using PhoneAuth.Infrastructure.Persistence;
using PhoneAuth.Infrastructure.Sms;
using PhoneAuth.Infrastructure.Spending;
using PhoneAuth.Testing;
using PhoneAuth.WebApi.Tests.Harness;

namespace PhoneAuth.WebApi.Tests.Operations;

/// <summary>From each database into the other.</summary>
[OnBothDatabases]
[Parallelizable(ParallelScope.All)]
internal sealed class CopyTests(DatabaseKind kind)
{
    private DatabaseKind Other => kind == DatabaseKind.Sqlite ? DatabaseKind.PostgreSql : DatabaseKind.Sqlite;

    [Test]
    public async Task Every_table_is_copied_and_everybody_is_who_they_were()
    {
        await using var api = await Api.StartAsync(kind, ("Sms:Brake", "Record"), ("Sms:MaxPerHour", "1000"));
        var (inviter, friend) = await PeopleAsync(api);
        await using var target = await TestDatabase.CreateEmptyAsync(Other);
        var report = await CopyAsync(api.Database, target);
        Assert.That((report.Refusal, report.Found), Is.EqualTo(((string?)null, 0L)));

        var before = await CountsAsync(api.Database);
        Assert.That(before.Where(table => table.Value == 0), Is.Empty, "Put a row into every table, so that this test sees it copied.");
        Assert.That(await CountsAsync(target), Is.EqualTo(before));
        Assert.That((report.Tables, report.Copied), Is.EqualTo((before.Count, before.Values.Sum())));

        api.Clock.Advance(TimeSpan.FromMinutes(2));
        await using var there = Api.StartOn(target, api.Clock);
        using var client = there.ClientWith(friend.AccessToken);
        Assert.That((await client.ReadAsync(HttpMethod.Get, friend.ProfilePath)).Body, Is.EqualTo((await friend.ProfileAsync()).Body));
        Assert.That((await there.SignInAsync(inviter.PhoneNumber)).InviteCode, Is.EqualTo(inviter.InviteCode));
    }

    [Test]
    public async Task A_copy_that_was_killed_is_gone_on_with()
    {
        await using var api = await Api.StartAsync(kind);
        await PeopleAsync(api);
        await using var target = await TestDatabase.CreateAsync(Other);

        // The target's sessions are held, so the copy has written the users and waits: there it is killed.
        await using (var blocking = target.Open())
        {
            await blocking.Database.OpenConnectionAsync();
            await using var held = await blocking.Database.BeginTransactionAsync();
            await using var copying = ServiceProcess.Command("copy", "--from", api.Database.ConnectionString, "--to", target.ConnectionString);
            if (Other == DatabaseKind.PostgreSql)
            {
                await blocking.Database.ExecuteSqlAsync($"LOCK TABLE sessions IN SHARE MODE");
                await ServiceProcess.UntilAsync(async () => (await CountsAsync(target))["users"] > 0, "The users are not copied.");
            }

            copying.Kill();
            Assert.That(await copying.EndAsync(), Is.Not.Zero);
        }

        await using var again = ServiceProcess.Command("copy", "--from", api.Database.ConnectionString, "--to", target.ConnectionString);
        Assert.That(await again.EndAsync(), Is.Zero, () => again.Output);
        Assert.That(again.Lines, Has.Count.EqualTo(1));
        Assert.That(again.Output, Does.Match(Other == DatabaseKind.PostgreSql ? "^Copied [1-9][0-9]* rows, found [1-9][0-9]* there" : "^Copied [1-9][0-9]* rows"));
        Assert.That(await CountsAsync(target), Is.EqualTo(await CountsAsync(api.Database)));
    }

    [Test]
    public async Task A_row_that_an_earlier_copy_wrote_is_left_and_one_that_is_missing_is_written()
    {
        await using var api = await Api.StartAsync(kind);
        await PeopleAsync(api);
        await using var target = await TestDatabase.CreateEmptyAsync(Other);
        var all = (await CopyAsync(api.Database, target)).Copied;
        await using (var context = target.Open())
        {
            Assert.That(await context.Sessions.Take(1).ExecuteDeleteAsync(), Is.EqualTo(1));
        }

        var report = await CopyAsync(api.Database, target);
        Assert.That(report, Is.EqualTo(new CopyReport(null, report.Tables, 1, all - 1)));
    }

    [Test]
    public async Task A_target_that_is_somebody_else_is_refused_and_left_as_it_is()
    {
        await using var api = await Api.StartAsync(kind);
        await PeopleAsync(api);
        await using var other = await Api.StartAsync(Other);
        await other.SignInAsync();
        var before = await CountsAsync(other.Database);
        var report = await CopyAsync(api.Database, other.Database);
        Assert.That(report.Refusal, Does.Match("^The target has rows in [a-z_]+ that are not the source's: copy into an empty database.$"));
        Assert.That(await CountsAsync(other.Database), Is.EqualTo(before));
    }

    [Test]
    public async Task A_row_that_differs_is_found()
    {
        await using var api = await Api.StartAsync(kind);
        await PeopleAsync(api);
        await using var target = await TestDatabase.CreateEmptyAsync(Other);
        await CopyAsync(api.Database, target);
        await using (var context = target.Open())
        {
            await context.Users.Take(1).ExecuteUpdateAsync(change => change.SetProperty(user => user.CreatedAt, api.Clock.Now.AddTicks(TimeSpan.TicksPerMicrosecond)));
        }

        Assert.That((await CopyAsync(api.Database, target)).Refusal, Does.Contain("rows in users"));
    }

    [Test]
    public async Task A_target_that_holds_something_else_is_refused()
    {
        await using var api = await Api.StartAsync(kind);
        await using var target = await TestDatabase.CreateEmptyAsync(Other);
        await using (var context = target.Open())
        {
            await context.Database.ExecuteSqlAsync($"CREATE TABLE shop (id integer)");
        }

        Assert.That((await CopyAsync(api.Database, target)).Refusal, Is.EqualTo("The target holds something else: copy into an empty database."));
    }

    [Test]
    public async Task A_source_that_is_none_is_refused_and_not_made()
    {
        await using var target = await TestDatabase.CreateEmptyAsync(Other);
        await using var nothing = await TestDatabase.CreateEmptyAsync(kind);
        Assert.That((await CopyAsync(nothing, target)).Refusal, Does.StartWith("There is nothing to copy"));
        Assert.That(kind == DatabaseKind.Sqlite && File.Exists(nothing.Name), Is.False);
    }

    [Test]
    public async Task What_a_copy_relies_on_holds_for_every_table()
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        await using var context = database.Open();
        var tables = context.Model.GetEntityTypes().ToList();
        Assert.That(DatabaseCopy.InOrder(context.Model), Is.EquivalentTo(tables));
        Assert.That(tables.Select(table => table.ClrType), Is.Unique, "A type of rows has one table.");
        Assert.That(tables.SelectMany(table => table.GetProperties()).Where(property => property.IsShadowProperty()), Is.Empty, "A column has a property.");
        Assert.That(
            tables.SelectMany(table => table.GetProperties()).Where(property => property.ValueGenerated != ValueGenerated.Never),
            Is.Empty,
            "The database makes no values: a sequence would have to be moved on.");
    }

    [TestCase("copy")]
    [TestCase("copy", "--from", "Data Source=a.db")]
    [TestCase("copy", "--from", "Data Source=a.db", "--to", "nowhere")]
    public async Task Wrong_usage_is_2(params string[] arguments)
    {
        await using var command = ServiceProcess.Command(arguments);
        Assert.That(await command.EndAsync(), Is.EqualTo(2));
    }

    private static Task<CopyReport> CopyAsync(TestDatabase from, TestDatabase to) =>
        DatabaseCopy.RunAsync(from.ConnectionString, to.ConnectionString, Path.GetTempPath(), CancellationToken.None);

    /// <summary>People who have done everything that leaves a row somewhere.</summary>
    private static async Task<(Person Inviter, Person Friend)> PeopleAsync(Api api)
    {
        var inviter = await api.SignInAsync(deviceName: "Телефон");
        var friend = await api.SignInAsync();
        await friend.ActivateAsync(inviter.InviteCode);
        var leaving = await api.SignInAsync();
        await leaving.ActivateAsync(inviter.InviteCode);
        await leaving.Client.ReadAsync(HttpMethod.Delete, leaving.ProfilePath);
        var waiting = Calls.NewNumber();
        await api.Client.ReadAsync(
            HttpMethod.Post, "/send-code", JsonContent.Create(new { phoneNumber = waiting }), (Api.AddressHeader, "203.0.113.9"));
        await api.Client.VerifyCodeAsync(waiting, Calls.Wrong((await api.Inbox.NextAsync(waiting)).Code));
        await api.Services.GetRequiredService<IReceiptBook>().RecordAsync("Webhook", [new SmsReceipt("faster-than-its-record", true)], CancellationToken.None);
        await api.Services.GetRequiredService<CountryTrafficLedger>().ExchangeAsync(CancellationToken.None);
        await api.Services.GetRequiredService<Purge>().RunAsync(CancellationToken.None);
        return (inviter, friend);
    }

    private static async Task<SortedDictionary<string, long>> CountsAsync(TestDatabase database)
    {
        await using var context = database.Open();
        await context.Database.OpenConnectionAsync();
        var counts = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (var table in context.Model.GetEntityTypes().Select(entity => entity.GetTableName()!))
        {
            await using var command = context.Database.GetDbConnection().CreateCommand();
            command.CommandText = "SELECT count(*) FROM " + table;
            counts[table] = (long)(await command.ExecuteScalarAsync())!;
        }

        return counts;
    }
}
