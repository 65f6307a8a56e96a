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

try
{
    var builder = WebApplication.CreateBuilder(args);
    builder.AddLogs();
    builder.LimitServer();
    builder.Services.AddApplication();
    builder.Services.AddInfrastructure(builder.Configuration, builder.Environment);
    builder.Services.AddHttp(builder.Configuration);
    builder.StartNothingInBuild();

    var app = builder.Build();
    app.Services.GetService<IStartupValidator>()?.Validate();
    app.UseHttp();
    app.MapEndpoints();
    app.WarnOfSettings();
    await app.RunAsync();
    return 0;
}
catch (Exception exception) when (BadSettings.In(exception) is { } line)
{
    await Console.Error.WriteLineAsync(line);
    return 1;
}
