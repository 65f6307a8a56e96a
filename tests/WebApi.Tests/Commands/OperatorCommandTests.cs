using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using PhoneAuth.Infrastructure.Security;
using PhoneAuth.Testing;
using PhoneAuth.WebApi.Tests.Harness;

namespace PhoneAuth.WebApi.Tests.Commands;

/// <summary>Operators at a shell, beside a service that runs on the same database.</summary>
[OnBothDatabases]
internal sealed partial class OperatorCommandTests(DatabaseKind kind) : ApiTest(kind)
{
    [Test]
    public async Task A_database_without_a_schema_is_said_to_be_one_until_it_is_migrated()
    {
        await using var database = await TestDatabase.CreateEmptyAsync(Kind);
        AssertRefused(await Shell.RunAsync(database, "users", "show", "+79001234567"), "The database cannot be used");
        AssertDone(await Shell.RunAsync(database, "migrate"), "The schema is up to date.");
        await using var context = database.Open();
        Assert.That(await context.Database.GetPendingMigrationsAsync(), Is.Empty);
    }

    [Test]
    public async Task What_is_known_of_a_number_is_shown_and_nothing_that_a_terminal_obeys()
    {
        var phoneNumber = Calls.NewNumber();
        var body = System.Net.Http.Json.JsonContent.Create(new { phoneNumber, code = await Api.RequestCodeAsync(phoneNumber) });
        var signedIn = await Client.ReadAsync(HttpMethod.Post, "/verify-code", body, ("User-Agent", "\u001b]0;owned\u0007 \u009b2J agent"), (Api.AddressHeader, "203.0.113.8"));
        await Client.VerifyCodeAsync(phoneNumber, "0000");
        var shown = await RunAsync("users", "show", "8 (" + phoneNumber[2..5] + ") " + phoneNumber[5..]);
        Assert.That(shown.ExitCode, Is.Zero, shown.Errors);
        Assert.That(shown.Output, Does.Contain(phoneNumber).And.Contain(signedIn.Json.GetProperty("profile").Text("inviteCode")).And.Contain("203.0.113.8").And.Contain("agent"));
        Assert.That(shown.Output.Where(character => char.IsControl(character) && character is not '\n' and not '\r'), Is.Empty);
        Assert.That(shown.Output, Does.Not.Contain(signedIn.Json.Text("refreshToken")));
    }

    [Test]
    public async Task A_user_is_blocked_unblocked_and_signed_out()
    {
        var person = await Api.SignInAsync();
        AssertDone(await RunAsync("users", "block", person.PhoneNumber), "Blocked.");
        Assert.That((await person.ProfileAsync()).Status, Is.EqualTo(HttpStatusCode.Unauthorized));
        Api.Clock.Advance(TimeSpan.FromMinutes(15));
        Assert.That((await Client.VerifyCodeAsync(person.PhoneNumber, await Api.RequestCodeAsync(person.PhoneNumber))).Code, Is.EqualTo("user_blocked"));
        AssertDone(await RunAsync("users", "unblock", person.PhoneNumber), "Unblocked.");
        Api.Clock.Advance(TimeSpan.FromMinutes(15));
        var back = await Api.SignInAsync(person.PhoneNumber);
        AssertDone(await RunAsync("users", "sign-out", person.PhoneNumber), "Signed out everywhere.");
        Assert.That((await back.ProfileAsync()).Status, Is.EqualTo(HttpStatusCode.Unauthorized));
    }

    [Test]
    public async Task A_locked_number_is_unlocked()
    {
        var number = Calls.NewNumber();
        for (var send = 0; send < 2; send++)
        {
            Api.Clock.Advance(TimeSpan.FromMinutes(2));
            var code = await Api.RequestCodeAsync(number);
            for (var guess = 0; guess < 5; guess++)
            {
                await Client.VerifyCodeAsync(number, Calls.Wrong(code));
            }
        }

        Assert.That((await Client.SendCodeAsync(number)).Code, Is.EqualTo("phone_locked"));
        AssertDone(await RunAsync("users", "unlock", number), "Unlocked.");
        Api.Clock.Advance(TimeSpan.FromMinutes(2));
        await Api.SignInAsync(number);
    }

    [Test]
    public async Task Nobodys_number_and_what_is_no_number_are_refused()
    {
        AssertRefused(await RunAsync("users", "show", "+79009999999"), "No user has this number.");
        AssertRefused(await RunAsync("users", "sign-out", "+79009999999"), "No user has this number.");

        AssertRefused(await RunAsync("users", "block", "hello"), "This is not a possible phone number.");
    }

    [Test]
    public async Task Keys_are_listed_and_rotated()
    {
        var current = Api.Services.GetRequiredService<SigningKeyRing>().Current().Key.KeyId;
        var listed = await RunAsync("keys", "list");
        Assert.That((listed.ExitCode, listed.Output), Is.EqualTo((0, listed.Output)));
        Assert.That(listed.Output, Does.StartWith(current).And.Contain("signs"));
        var rotated = await RunAsync("keys", "rotate");
        Assert.That(rotated.ExitCode, Is.Zero, rotated.Errors);
        var next = KeyId().Match(rotated.Output).Value;
        Assert.That((await RunAsync("keys", "list")).Output, Does.Match($"{current} +signs.*\n{next} +next"));

        // The service finds it when it looks the next time.
        await Api.Services.GetRequiredService<SigningKeyRing>().RefreshAsync(default);
        Assert.That((await Client.ReadAsync(HttpMethod.Get, "/.well-known/jwks.json")).Body, Does.Contain(current).And.Contain(next));
    }

    [Test]
    public async Task What_has_expired_is_purged_unless_somebody_is_at_it()
    {
        var done = await RunAsync("purge");
        Assert.That((done.ExitCode, done.Errors), Is.EqualTo((0, "")));
        Assert.That(done.Output, Does.Match(@"^Purged \d+ verification rows, \d+ sessions, \d+ addresses, \d+ receipts, \d+ signing keys\.\s*$"));
        await using var context = Api.Database.Open();
        var lease = await context.Leases.SingleAsync();
        lease.TakenUntil = TimeProvider.System.GetUtcNow().AddMinutes(5);
        await context.SaveChangesAsync();
        AssertRefused(await RunAsync("purge"), "Another instance is purging.");
        lease.TakenUntil = TimeProvider.System.GetUtcNow().AddMinutes(-5);
        await context.SaveChangesAsync();
    }

    private Task<(int ExitCode, string Output, string Errors)> RunAsync(params string[] arguments) => Shell.RunAsync(Api.Database, arguments);

    private static void AssertDone((int ExitCode, string Output, string Errors) run, string text) => Assert.That(run, Is.EqualTo((0, text + Environment.NewLine, "")));

    private static void AssertRefused((int ExitCode, string Output, string Errors) run, string text)
    {
        Assert.That((run.ExitCode, run.Output), Is.EqualTo((1, "")), run.Errors);
        Assert.That(run.Errors.TrimEnd('\n').Split('\n'), Has.Length.EqualTo(1), run.Errors);
        Assert.That(run.Errors, Does.StartWith(text));
    }

    [GeneratedRegex("[A-Za-z0-9_-]{43}", RegexOptions.None, 1000)]
    private static partial Regex KeyId();
}

/// <summary>What a shell hears: 0 done, 1 refused with one line, 2 wrong usage.</summary>
[Parallelizable(ParallelScope.Self)]
internal sealed class CommandLineTests
{
    [Test]
    public async Task Whoever_asks_for_help_is_helped()
    {
        var (exitCode, output, errors) = await Shell.RunAsync(["--help"], []);
        Assert.That((exitCode, errors), Is.EqualTo((0, "")));
        Assert.That(output, Does.Contain("migrate").And.Contain("users").And.Contain("keys").And.Contain("purge").And.Contain("health"));
    }

    [TestCase(0, "--help")]
    [TestCase(0, "-h")]
    [TestCase(0, "users", "--help")]
    [TestCase(0, "users", "block", "--help")]
    [TestCase(2, "nonsense")]
    [TestCase(2, "users")]
    [TestCase(2, "users", "show")]
    [TestCase(2, "users", "show", "+79001234567", "+79001234568")]
    [TestCase(2, "users", "shoot", "+79001234567")]
    [TestCase(2, "keys")]
    [TestCase(2, "migrate", "--now")]
    public async Task Help_is_zero_and_wrong_usage_two(int exitCode, params string[] arguments) =>
        Assert.That(await WebApi.Commands.OperatorCommands.RunAsync(arguments), Is.EqualTo(exitCode));

    [Test]
    public async Task A_secret_key_that_does_not_open_the_database_is_one_line()
    {
        await using var database = await TestDatabase.CreateAsync(DatabaseKind.Sqlite);
        Assert.That((await Shell.RunAsync(database, "keys", "list")).ExitCode, Is.Zero);
        var other = ("SecretKey", "another secret key that only tests know: 4Tz8k1");
        foreach (var arguments in new string[][] { ["keys", "list"], [] })
        {
            var (exitCode, output, errors) = await Shell.RunAsync(
                arguments, ("ConnectionStrings:Database", database.ConnectionString), other, ("ASPNETCORE_URLS", Calls.Local(Ports.Free())));
            Assert.That(exitCode, Is.EqualTo(1), output + errors);
            Assert.That(errors.TrimEnd('\n').Split('\n'), Has.Length.EqualTo(1), errors);
            Assert.That(errors, Does.Contain("PreviousSecretKeys"));
        }
    }

    [Test]
    public async Task A_database_of_another_secret_key_that_arrives_while_the_service_runs_ends_it_as_a_failure()
    {
        await using var database = await TestDatabase.CreateAsync(DatabaseKind.Sqlite);
        Assert.That((await Shell.RunAsync(database, "keys", "list")).ExitCode, Is.Zero);
        var path = new SqliteConnectionStringBuilder(database.ConnectionString).DataSource;
        var arriving = await File.ReadAllBytesAsync(path);
        await File.WriteAllTextAsync(path, new string('-', 4096));
        await using var service = ServiceProcess.Serve(database.ConnectionString, ("SecretKey", "another secret key that only tests know: 4Tz8k1"));
        using var client = service.CreateClient();
        await ServiceProcess.UntilAsync(async () => await service.StatusAsync(client, "/health/live") is HttpStatusCode.OK, "It does not live without a database.");
        await File.WriteAllBytesAsync(path, arriving);
        Assert.That(await service.EndAsync(), Is.EqualTo(1), service.Output);
        Assert.That(service.Lines, Has.Some.StartsWith("The settings are not right").And.Some.Contains("PreviousSecretKeys"));
    }

    [Test]
    public async Task Health_asks_the_service_on_this_machine()
    {
        await using var api = await Api.StartOnKestrelAsync(DatabaseKind.Sqlite);
        var well = await Shell.RunAsync(["health"], ("ASPNETCORE_URLS", Calls.Local(api.Port)));
        Assert.That(well, Is.EqualTo((0, "ready" + Environment.NewLine, "")));
        var nobody = await Shell.RunAsync(["health"], ("ASPNETCORE_HTTP_PORTS", Ports.Free().ToString(System.Globalization.CultureInfo.InvariantCulture)));
        Assert.That((nobody.ExitCode, nobody.Output), Is.EqualTo((1, "")));
        Assert.That(nobody.Errors, Does.StartWith("Nobody answers at http://127.0.0.1:"));
    }
}
