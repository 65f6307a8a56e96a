using System.CommandLine;
using System.Globalization;
using PhoneAuth.Infrastructure.Persistence;

namespace PhoneAuth.WebApi.Commands;

/// <summary>Moves a service from one database to another. It needs none of the service's settings, and the service does not run meanwhile.</summary>
internal static class CopyCommand
{
    private const int Refused = 1;

    public static Command Create()
    {
        var from = Connection("--from", "The database to read, as a connection string: Data Source=… or Host=…");
        var to = Connection("--to", "The empty database to write; where a copy into it was broken off, it is gone on with");
        var command = new Command("copy", "Copy everything from one database into another, and compare every row; stop the service first") { from, to };
        command.SetAction((parsed, cancellationToken) => CommandHost.GuardAsync(async () =>
            await AnswerAsync(await DatabaseCopy.RunAsync(
                parsed.GetRequiredValue(from), parsed.GetRequiredValue(to), Directory.GetCurrentDirectory(), cancellationToken))));
        return command;
    }

    private static Option<string> Connection(string name, string description)
    {
        var option = new Option<string>(name) { Description = description, Required = true, HelpName = "connection" };
        option.Validators.Add(result =>
        {
            if (!new ConnectionOptions { Database = result.GetValueOrDefault<string>() ?? "" }.IsUsable)
            {
                result.AddError($"{name} is neither a PostgreSQL connection string (Host=…) nor an SQLite one (Data Source=…).");
            }
        });
        return option;
    }

    private static async Task<int> AnswerAsync(CopyReport report)
    {
        if (report.Refusal is { } refusal)
        {
            await Console.Error.WriteLineAsync(refusal);
            return Refused;
        }

        await Console.Out.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"Copied {report.Copied} rows, found {report.Found} there, in {report.Tables} tables; compared every one."));
        return 0;
    }
}
