using FluentValidation;
using Microsoft.AspNetCore.Diagnostics;
using PhoneAuth.Application.Abstractions;
using PhoneAuth.Infrastructure;
using PhoneAuth.Infrastructure.Settings;

namespace PhoneAuth.WebApi.Http;

/// <summary>Registers what HTTP needs, and the order in which a request passes through it.</summary>
internal static class DependencyInjection
{
    private const string AllowedOrigins = "allowed-origins";

    public static IServiceCollection AddHttp(this IServiceCollection services, IConfiguration configuration)
    {
        AssemblyScanner.FindValidatorsInAssembly(typeof(DependencyInjection).Assembly, includeInternalTypes: true)
            .ForEach(found => services.AddSingleton(found.InterfaceType, found.ValidatorType));
        services.AddSettings<DocsOptions>(configuration, "Docs").AddSettings<CorsSettings>(configuration, "Cors").AddSettings<ShutdownOptions>(configuration, "");
        services.AddHttpContextAccessor();
        services.AddScoped<ICurrentUser, CurrentUser>();
        services.AddSingleton<ICaller, Caller>();
        services.AddJsonFormats().AddTokenAuthentication().AddRateLimits().AddForwardedCallers(configuration).AddOpenApiDocument();
        services.AddSingleton<IExceptionHandler, FaultHandler>();
        services.AddCors(cors => cors.AddPolicy(
            AllowedOrigins,
            policy => policy
                .WithOrigins([.. configuration.GetSection("Cors:AllowedOrigins").Get<string[]>() ?? []])
                .WithMethods(HttpMethods.Get, HttpMethods.Post, HttpMethods.Delete)
                .WithHeaders("Authorization", "Content-Type", "Accept-Language")
                .WithExposedHeaders("Retry-After")));
        services.AddDrain();
        services.AddHostedService<DatabaseStartup>();
        services.AddCodeDispatcher();
        services.AddHostedService<Maintenance>();
        return services;
    }

    public static void UseHttp(this WebApplication app)
    {
        app.UseDrain();
        app.UseForwardedHeaders();
        app.UseMiddleware<RequestSpan>();
        app.UseSecurityHeaders();
        app.UseMiddleware<RequestLog>();
        app.UseExceptionHandler(_ => { });
        app.UseStatusCodePages(context => AnswerBareStatusAsync(context.HttpContext));
        app.UseRouting(); // before files, which are then looked for only where no endpoint is
        app.UseDefaultFiles();
        app.UseStaticFiles(new StaticFileOptions { OnPrepareResponse = file => file.Context.Response.Headers.CacheControl = "no-cache" });
        if (app.Services.GetRequiredService<CorsSettings>().AllowedOrigins.Count > 0)
        {
            app.UseCors(AllowedOrigins);
        }

        app.UseRateLimiter();
        app.UseAuthentication();
        app.UseAuthorization();
    }

    private static Task AnswerBareStatusAsync(HttpContext context) =>
        ErrorStatus.OfBareStatus(context.Response.StatusCode) is { } error ? new ProblemResult(error).ExecuteAsync(context) : Task.CompletedTask;
}
