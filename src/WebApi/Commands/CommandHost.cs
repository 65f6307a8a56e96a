using Microsoft.Extensions.Options;
using PhoneAuth.Application;
using PhoneAuth.Infrastructure;
using PhoneAuth.Infrastructure.Persistence;
using PhoneAuth.WebApi.Http;

namespace PhoneAuth.WebApi.Commands;

/// <summary>The service without its server, for one command.</summary>
internal static class CommandHost
{
    private const int Refused = 1;

    public static Task<int> RunAsync(Func<IServiceProvider, CancellationToken, Task<int>> run, CancellationToken cancellationToken) => GuardAsync(async () =>
    {
        var builder = WebApplication.CreateBuilder();
        builder.Configuration["Serilog:MinimumLevel:Default"] = "Warning";
        builder.AddLogs(toStandardError: true);
        builder.Services.AddApplication();
        builder.Services.AddInfrastructure(builder.Configuration, builder.Environment);
        builder.Services.AddHttp(builder.Configuration);
        await using var app = builder.Build();
        app.Services.GetService<IStartupValidator>()?.Validate();
        await using var scope = app.Services.CreateAsyncScope();
        return await run(scope.ServiceProvider, cancellationToken);
    });

    /// <summary>Runs a command; what an operator can mend is one line.</summary>
    public static async Task<int> GuardAsync(Func<Task<int>> run)
    {
        try
        {
            return await run();
        }
        catch (Exception exception) when (BadSettings.In(exception) is { } line)
        {
            await Console.Error.WriteLineAsync(line);
            return Refused;
        }
        catch (Exception exception) when (DatabaseFaults.Caused(exception))
        {
            await Console.Error.WriteLineAsync("The database cannot be used: " + exception.GetBaseException().Message.ReplaceLineEndings(" "));
            return Refused;
        }
    }
}
