using Microsoft.Extensions.Options;
using PhoneAuth.Application;
using PhoneAuth.Infrastructure;
using PhoneAuth.WebApi.Commands;
using PhoneAuth.WebApi.Endpoints;
using PhoneAuth.WebApi.Http;

if (OperatorCommands.IsCommand(args))
{
    return await OperatorCommands.RunAsync(args);
}

var stopping = CancellationToken.None;
try
{
    var builder = WebApplication.CreateBuilder(args);
    builder.AddLogs();
    builder.AddTelemetryExport();
    builder.LimitServer();
    builder.Services.AddApplication();
    builder.Services.AddInfrastructure(builder.Configuration, builder.Environment);
    builder.Services.AddHttp(builder.Configuration);
    builder.StartNothingInBuild();

    var app = builder.Build();
    stopping = app.Lifetime.ApplicationStopping;
    app.MakeReadyMeanwhile();
    app.Services.GetService<IStartupValidator>()?.Validate();
    app.UseHttp();
    app.MapEndpoints();
    app.BuildEndpointsMeanwhile();
    app.WarnOfSettings();
    await app.RunToItsEndAsync();
    return 0;
}
catch (OperationCanceledException) when (stopping.IsCancellationRequested)
{
    // Told to stop before it had started.
    return 0;
}
catch (Exception exception) when (BadSettings.In(exception) is { } line)
{
    await Console.Error.WriteLineAsync(line);
    return 1;
}
