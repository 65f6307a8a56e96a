using System.Diagnostics;
using System.Text.RegularExpressions;
using Npgsql;
using PhoneAuth.Testing;
using PhoneAuth.WebApi.Tests.Harness;

namespace PhoneAuth.WebApi.Tests.Operations;

/// <summary>Runs the commands of <c>docs/backup.md</c>, as they stand there.</summary>
[OnBothDatabases]
[Parallelizable(ParallelScope.All)]
internal sealed partial class BackupTests(DatabaseKind kind)
{
    [Test]
    public async Task A_backup_made_while_serving_restores_to_the_same_answers()
    {
        await using var api = await Api.StartAsync(kind);
        var inviter = await api.SignInAsync();
        var friend = await api.SignInAsync();
        await friend.ActivateAsync(inviter.InviteCode);
        using var folder = new Folder();
        using var end = new CancellationTokenSource();
        var serving = ServeAsync(api, end.Token);

        var settings = Environment(api.Database, folder);
        await RunAsync("backup", settings, folder);
        await end.CancelAsync();
        Assert.That(await serving, Is.Positive);
        await RunAsync("restore", settings, folder);

        await using var restored = TestDatabase.Existing(kind, settings["RESTORED"]);
        await using var there = Api.StartOn(restored, api.Clock);
        using var client = there.ClientWith(friend.AccessToken);
        Assert.That((await client.ReadAsync(HttpMethod.Get, friend.ProfilePath)).Body, Is.EqualTo((await friend.ProfileAsync()).Body));
        Assert.That((await there.Client.PostAsync("/refresh-token", new { refreshToken = inviter.RefreshToken })).Status, Is.EqualTo(System.Net.HttpStatusCode.OK));
        api.Clock.Advance(TimeSpan.FromMinutes(2));
        Assert.That((await there.SignInAsync(inviter.PhoneNumber)).InviteCode, Is.EqualTo(inviter.InviteCode));
    }

    /// <summary>Signs people in until it is told to stop.</summary>
    private static async Task<int> ServeAsync(Api api, CancellationToken end)
    {
        var people = 0;
        do
        {
            await api.SignInAsync();
            people++;
        }
        while (!end.IsCancellationRequested && people < 15);
        return people;
    }

    [GeneratedRegex("```sh\n# (?<name>[a-zA-Z: ]+)\n(?<commands>.*?)```", RegexOptions.Singleline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Blocks();

    private async Task RunAsync(string what, Dictionary<string, string> settings, Folder folder)
    {
        var page = await File.ReadAllTextAsync(Repository.PathOf("docs/backup.md"));
        var commands = Blocks().Matches(page).Single(block => block.Groups["name"].Value.Equals($"{what}: {kind}", StringComparison.OrdinalIgnoreCase)).Groups["commands"].Value;
        var start = new ProcessStartInfo("bash", ["-euo", "pipefail", "-c", commands])
        {
            WorkingDirectory = folder.Path,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var (key, value) in settings)
        {
            start.Environment[key] = value;
        }

        using var process = Process.Start(start)!;
        var errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.That(process.ExitCode, Is.Zero, commands + errors);
    }

    private Dictionary<string, string> Environment(TestDatabase database, Folder folder)
    {
        if (kind == DatabaseKind.Sqlite)
        {
            return new(StringComparer.Ordinal) { ["DATABASE"] = database.Name, ["RESTORED"] = System.IO.Path.Combine(folder.Path, "restored.db") };
        }

        var server = new NpgsqlConnectionStringBuilder(database.ConnectionString);
        return new(StringComparer.Ordinal)
        {
            ["PGHOST"] = server.Host!,
            ["PGPORT"] = server.Port.ToString(System.Globalization.CultureInfo.InvariantCulture),
            ["PGUSER"] = server.Username!,
            ["PGPASSWORD"] = server.Password ?? "",
            ["PGDATABASE"] = database.Name,
            ["RESTORED"] = database.Name + "_restored",
        };
    }

    private sealed class Folder : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("phoneauth-backup-").FullName;

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
