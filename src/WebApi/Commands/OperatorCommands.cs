using System.CommandLine;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using MediatR;
using PhoneAuth.Application.Operators;
using PhoneAuth.Domain;
using PhoneAuth.Infrastructure.Persistence;
using PhoneAuth.Infrastructure.Security;

namespace PhoneAuth.WebApi.Commands;

/// <summary>What operators do from a shell: the same executable, the same settings. Exit code 0 done, 1 refused with one line, 2 wrong usage.</summary>
internal static class OperatorCommands
{
    private const int Refused = 1;
    private const int WrongUsage = 2;

    /// <summary>As a person reads it: a plus stays a plus, a letter of any script a letter.</summary>
    private static readonly JsonSerializerOptions ExportFormat =
        new(JsonSerializerDefaults.Web) { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly string[] HelpOptions = ["--help", "-h", "-?", "/?", "--version"];

    /// <summary>Whether the first word is a command, or asks for help. Anything else is for the service: settings such as <c>--urls</c>.</summary>
    public static bool IsCommand(string[] args) => args.Length > 0 && (!args[0].StartsWith('-') || HelpOptions.Contains(args[0], StringComparer.Ordinal));

    public static async Task<int> RunAsync(string[] args)
    {
        var parsed = Commands().Parse(args);
        var exitCode = await parsed.InvokeAsync();
        return parsed.Errors.Count > 0 ? WrongUsage : exitCode;
    }

    private static RootCommand Commands()
    {
        var root = new RootCommand("PhoneAuth: sign in by phone. Without a command it serves; with one it does that and ends. Settings are those of the service (appsettings.json, environment).")
        {
            Command("migrate", "Bring the database's schema up to date", async (services, cancellationToken) =>
            {
                await services.GetRequiredService<DatabaseMigrator>().MigrateAsync(cancellationToken);
                return Done("The schema is up to date.");
            }),
            new Command("users", "Look after users")
            {
                ForNumber("show", "Show what is known of a number", ShowAsync),
                ForNumber("export", "Write all that is stored of a number, as JSON, for the person whose number it is", ExportAsync),
                ForNumber("block", "Let a user in no longer, and end all their sessions", ChangeAsync(UserAction.Block, "Blocked.")),
                ForNumber("unblock", "Let a blocked user in again", ChangeAsync(UserAction.Unblock, "Unblocked.")),
                ForNumber("sign-out", "End all sessions of a user", ChangeAsync(UserAction.SignOut, "Signed out everywhere.")),
                ForNumber("unlock", "Forget the wrong codes of a number that is locked", async (services, number, cancellationToken) =>
                    Answer(await services.GetRequiredService<IMediator>().Send(new UnlockNumberCommand(number), cancellationToken), "Unlocked.")),
            },
            new Command("keys", "Look after the keys that sign access tokens")
            {
                Command("list", "List the keys", ListKeysAsync),
                Command("rotate", "Add a key; it signs as soon as every instance has had time to publish it", async (services, cancellationToken) =>
                {
                    var key = await services.GetRequiredService<SigningKeyRing>().RotateAsync(cancellationToken);
                    return Done(string.Create(CultureInfo.InvariantCulture, $"Key {key.Key.KeyId} signs from {key.SignsFrom:u}."));
                }),
            },
            Command("purge", "Remove what has expired, as the service does by itself each hour", async (services, cancellationToken) =>
                await services.GetRequiredService<Purge>().RunAsync(cancellationToken) is { } purged
                    ? Done(string.Create(
                        CultureInfo.InvariantCulture,
                        $"Purged {purged.VerificationCodes} verification rows, {purged.Sessions} sessions, {purged.Addresses} addresses, {purged.Receipts} receipts, {purged.SigningKeys} signing keys."))
                    : Refuse("Another instance is purging.")),
            CopyCommand.Create(),
            HealthCommand.Create(),
        };
        return root;
    }

    private static Command Command(string name, string description, Func<IServiceProvider, CancellationToken, Task<int>> run)
    {
        var command = new Command(name, description);
        command.SetAction((_, cancellationToken) => CommandHost.RunAsync(run, cancellationToken));
        return command;
    }

    private static Command ForNumber(string name, string description, Func<IServiceProvider, string, CancellationToken, Task<int>> run)
    {
        var number = new Argument<string>("number") { Description = "The phone number, in any spelling" };
        var command = new Command(name, description) { number };
        command.SetAction((parsed, cancellationToken) =>
            CommandHost.RunAsync((services, token) => run(services, parsed.GetRequiredValue(number), token), cancellationToken));
        return command;
    }

    private static Func<IServiceProvider, string, CancellationToken, Task<int>> ChangeAsync(UserAction action, string done) =>
        async (services, number, cancellationToken) =>
            Answer(await services.GetRequiredService<IMediator>().Send(new ChangeUserCommand(number, action), cancellationToken), done);

    private static async Task<int> ShowAsync(IServiceProvider services, string number, CancellationToken cancellationToken)
    {
        var result = await services.GetRequiredService<IMediator>().Send(new ShowUserQuery(number), cancellationToken);
        return result.IsSuccess ? Done(NumberReportText.Of(result.Value)) : Refuse(result.Error);
    }

    private static async Task<int> ExportAsync(IServiceProvider services, string number, CancellationToken cancellationToken)
    {
        var result = await services.GetRequiredService<IMediator>().Send(new ExportUserQuery(number), cancellationToken);
        return result.IsSuccess ? Done(Written(result.Value)) : Refuse(result.Error);
    }

    /// <summary>An export as it is written.</summary>
    internal static string Written(NumberExport export) => JsonSerializer.Serialize(export, ExportFormat);

    private static async Task<int> ListKeysAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        var keyRing = services.GetRequiredService<SigningKeyRing>();
        await keyRing.RefreshAsync(cancellationToken);
        foreach (var key in keyRing.Published())
        {
            var state = key == keyRing.Current() ? "signs" : key.Number > keyRing.Current().Number ? "next" : "published";
            await Console.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{key.Key.KeyId}  {state,-9}  from {key.SignsFrom:u}"));
        }

        return 0;
    }

    private static int Answer(Result result, string done) => result.IsSuccess ? Done(done) : Refuse(result.Error);

    private static int Done(string text)
    {
        Console.Out.WriteLine(text);
        return 0;
    }

    private static int Refuse(Error error) => Refuse(error.Fields is { } fields ? string.Join(' ', fields.SelectMany(field => field.Value)) : error.Message);

    private static int Refuse(string line)
    {
        Console.Error.WriteLine(line);
        return Refused;
    }
}
