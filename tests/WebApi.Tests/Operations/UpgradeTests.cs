using System.Net;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.EntityFrameworkCore.Migrations.Operations;
using PhoneAuth.Testing;
using PhoneAuth.WebApi.Tests.Harness;

namespace PhoneAuth.WebApi.Tests.Operations;

/// <summary>
/// From every release to this version. <c>scripts/keep-release.sh</c> keeps each release's databases, with people in them, in
/// <c>Releases</c>; migrations add only, so that the version before serves on while and after they run.
/// </summary>
[OnBothDatabases]
[Parallelizable(ParallelScope.All)]
internal sealed class UpgradeTests(DatabaseKind kind)
{
    private static readonly string Folder = Repository.PathOf("tests/WebApi.Tests/Operations/Releases");

    private static IEnumerable<string> Releases => Directory.GetFiles(Folder, "*.Sqlite.json").Select(file => Path.GetFileName(file).Replace(".Sqlite.json", "", StringComparison.Ordinal));

    [TestCaseSource(nameof(Releases))]
    public async Task Users_of_an_earlier_release_are_still_who_they_were(string release)
    {
        var kept = JsonDocument.Parse(await File.ReadAllTextAsync(PathOf(release, "json"))).RootElement;
        await using var database = await RestoreAsync(release);
        var clock = new FakeClock();
        clock.Advance(kept.GetProperty("keptAt").GetDateTimeOffset().AddHours(1) - clock.Now);
        await using var api = Api.StartOn(database, clock, ("Database:MigrateAtStart", "true"));
        Assert.That((await api.Client.ReadAsync(HttpMethod.Get, "/health/ready")).Status, Is.EqualTo(HttpStatusCode.OK));

        var inviter = await api.SignInAsync(kept.GetProperty("inviter").Text("phoneNumber"));
        Assert.That(inviter.SignIn.GetProperty("isNewUser").GetBoolean(), Is.False);
        Assert.That(inviter.InviteCode, Is.EqualTo(kept.GetProperty("inviter").Text("inviteCode")));
        Assert.That((await inviter.ProfileAsync()).Json.GetProperty("invitedUsersCount").GetInt32(), Is.EqualTo(1));

        var friend = await api.Client.PostAsync("/refresh-token", new { refreshToken = kept.GetProperty("friend").Text("refreshToken") });
        Assert.That(friend.Status, Is.EqualTo(HttpStatusCode.OK), friend.Body);
        using var client = api.ClientWith(friend.Json.Text("accessToken"));
        var profile = await client.ReadAsync(HttpMethod.Get, "/profile");
        Assert.That(profile.Json.Text("activatedInviteCode"), Is.EqualTo(inviter.InviteCode));

        Assert.That((await api.SignInAsync()).SignIn.GetProperty("isNewUser").GetBoolean(), Is.True);
    }

    [Test]
    public void There_is_a_release_to_upgrade() => Assert.That(Releases, Does.Contain("0.1.0"));

    [Test]
    public async Task Migrations_after_the_first_add_and_take_nothing_that_the_version_before_uses()
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        await using var context = database.Open();
        Assert.That(Later(context).SelectMany(migration => migration.UpOperations.Select(operation => Objection(operation, migration))), Has.All.Null);
    }

    [Test]
    public void What_the_version_before_could_not_serve_on_is_objected_to()
    {
        var column = new AddColumnOperation { Table = "users", Name = "note", ClrType = typeof(string), IsNullable = false };
        MigrationOperation[] bad =
        [
            new DropColumnOperation { Table = "users", Name = "invite_code" },
            new DropTableOperation { Name = "leases" },
            new RenameColumnOperation { Table = "users", Name = "invite_code", NewName = "code" },
            new AlterColumnOperation { Table = "users", Name = "invite_code", IsNullable = true },
            new CreateIndexOperation { Table = "users", Name = "IX_users_note", Columns = ["note"], IsUnique = true },
            new SqlOperation { Sql = "DELETE FROM users" },
            column,
        ];
        Assert.That(bad.Select(operation => Objection(operation, new Nothing())), Has.None.Null);
        column.DefaultValue = "";
        Assert.That(Objection(column, new Nothing()), Is.Null);
    }

    private static IEnumerable<Migration> Later(DbContext context)
    {
        var migrations = context.GetService<IMigrationsAssembly>();
        return migrations.Migrations.OrderBy(migration => migration.Key, StringComparer.Ordinal).Skip(1)
            .Select(migration => migrations.CreateMigration(migration.Value, context.Database.ProviderName!));
    }

    /// <summary>Why the version before could not serve while this is done or after it; null where it can.</summary>
    private static string? Objection(MigrationOperation operation, Migration migration)
    {
        var ownTables = migration.UpOperations.OfType<CreateTableOperation>().Select(table => table.Name).ToList();
        return operation switch
        {
            CreateTableOperation => null,
            AddColumnOperation { IsNullable: true } => null,
            AddColumnOperation { DefaultValue: not null } or AddColumnOperation { DefaultValueSql: not null } => null,
            CreateIndexOperation { IsUnique: false } => null,
            CreateIndexOperation index when ownTables.Contains(index.Table) => null,
            ITableMigrationOperation other when ownTables.Contains(other.Table) => null,
            _ => $"{migration.GetType().Name}: {operation.GetType().Name}",
        };
    }

    private string PathOf(string release, string ending) => Path.Combine(Folder, $"{release}.{kind}.{ending}");

    private async Task<TestDatabase> RestoreAsync(string release)
    {
        var database = await TestDatabase.CreateEmptyAsync(kind);
        await using var context = database.Open();
        await context.Database.OpenConnectionAsync();
        await using var command = context.Database.GetDbConnection().CreateCommand();
        command.CommandText = await File.ReadAllTextAsync(PathOf(release, "sql"));
        await command.ExecuteNonQueryAsync();
        return database;
    }

    private sealed class Nothing : Migration
    {
        protected override void Up(MigrationBuilder migrationBuilder)
        {
        }
    }
}
