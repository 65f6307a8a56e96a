using FluentValidation;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using PhoneAuth.Application.Abstractions;
using PhoneAuth.Application.Operators;
using PhoneAuth.Application.Profiles;
using PhoneAuth.Application.Sessions;
using PhoneAuth.Domain.Addresses;
using PhoneAuth.Domain.PhoneNumbers;
using PhoneAuth.Domain.Sessions;
using PhoneAuth.Domain.Spending;
using PhoneAuth.Domain.Users;
using PhoneAuth.Domain.VerificationCodes;
using PhoneAuth.Infrastructure.Persistence;
using PhoneAuth.Infrastructure.Security;
using PhoneAuth.Infrastructure.Settings;
using PhoneAuth.Infrastructure.Sms;
using PhoneAuth.Infrastructure.Sms.Files;
using PhoneAuth.Infrastructure.Sms.Http;
using PhoneAuth.Infrastructure.Sms.Receipts;
using PhoneAuth.Infrastructure.Sms.Smsc;
using PhoneAuth.Infrastructure.Sms.SmsRu;
using PhoneAuth.Infrastructure.Sms.Twilio;
using PhoneAuth.Infrastructure.Sms.Webhook;
using PhoneAuth.Infrastructure.Spending;

namespace PhoneAuth.Infrastructure;

/// <summary>Registers what the use cases stand on: the database, the keys, the gateways, and the settings of all of them.</summary>
public static class DependencyInjection
{
    /// <summary>Adds the infrastructure.</summary>
    /// <param name="services">Where to.</param>
    /// <param name="configuration">All settings.</param>
    /// <param name="environment">Where the service runs.</param>
    public static IServiceCollection AddInfrastructure(this IServiceCollection services, IConfiguration configuration, IHostEnvironment environment)
    {
        services.AddSingleton(TimeProvider.System);
        AssemblyScanner.FindValidatorsInAssembly(typeof(DependencyInjection).Assembly, includeInternalTypes: true)
            .ForEach(found => services.AddSingleton(found.InterfaceType, found.ValidatorType));
        services
            .AddSettings<PhoneNumberPolicy>(configuration, "PhoneNumbers")
            .AddSettings<VerificationPolicy>(configuration, "Verification")
            .AddSettings<SessionPolicy>(configuration, "Tokens")
            .AddSettings<AddressPolicy>(configuration, "RateLimits")
            .AddSettings<BudgetPolicy>(configuration, "Sms")
            .AddSettings<BrakePolicy>(configuration, "Sms");
        if (environment.IsDevelopment())
        {
            // Whoever develops asks for codes and does not always type them back.
            configuration["Sms:Brake"] ??= nameof(BrakeMode.Record);
        }

        return services.AddPersistence(configuration, environment).AddSecurity(configuration, environment).AddSms(configuration, environment);
    }

    private static IServiceCollection AddPersistence(this IServiceCollection services, IConfiguration configuration, IHostEnvironment environment)
    {
        services.AddSettings<DatabaseOptions>(configuration, "Database").AddSettings<ConnectionOptions>(configuration, "ConnectionStrings");
        var connection = configuration.GetSection("ConnectionStrings").Get<ConnectionOptions>() ?? new ConnectionOptions();
        services.AddDatabase(connection, environment.ContentRootPath);
        services.AddSingleton<CompiledQueries>();
        services.AddSingleton<RowStatements>();
        services.AddSingleton<SharedFlush>();
        services.AddSingleton<LiveSessions>();
        services.AddSingleton<SharedHolds>();
        services.AddSingleton<WriteTransactions>();
        services.AddSingleton(new WriteQueue(oneWriter: !connection.IsPostgreSql));
        services.AddSingleton(provider => new Purge(
            provider.GetRequiredService<IServiceScopeFactory>(),
            provider.GetRequiredService<SigningKeyRing>(),
            provider.GetRequiredService<VerificationPolicy>(),
            provider.GetRequiredService<TimeProvider>()));
        services.AddScoped<Leases>();
        services.AddScoped<UnitOfWork>();
        services.AddScoped<IUnitOfWork>(provider => provider.GetRequiredService<UnitOfWork>());
        services.AddScoped<IVerificationCodeRepository, VerificationCodeRepository>();
        services.AddScoped<IAddressUsageRepository, AddressUsageRepository>();
        services.AddScoped<IBudgetRepository, BudgetRepository>();
        services.AddScoped<IUserRepository, UserRepository>();
        services.AddScoped<ISessionRepository, SessionRepository>();
        services.AddScoped<IProfileReader, ProfileReader>();
        services.AddScoped<ISessionReader, SessionReader>();
        services.AddScoped<ISentTexts, SentTexts>();
        return services;
    }

    private static IServiceCollection AddSecurity(this IServiceCollection services, IConfiguration configuration, IHostEnvironment environment)
    {
        services.AddSettings<TokenOptions>(configuration, "Tokens").AddSettings<SecretKeyOptions>(configuration, "");
        services.PostConfigure<SecretKeyOptions>(options => DevelopmentSecretKey.Provide(options, environment));
        services.AddSingleton(provider =>
        {
            var options = provider.GetRequiredService<IOptions<SecretKeyOptions>>().Value;
            return new SecretKeys(options.SecretKey!, options.PreviousSecretKeys);
        });
        services.AddSingleton<Sealer>();
        services.AddSingleton<IKeyedHasher, KeyedHasher>();
        services.AddSingleton<IRandomSource, RandomSource>();
        services.AddSingleton<IRefreshTokens, RefreshTokens>();
        services.AddSingleton<IAccessTokens, AccessTokens>();
        services.AddSingleton<IssuedTokens>();
        services.AddSingleton(provider => new SigningKeyRing(
            provider.GetRequiredService<IServiceScopeFactory>(),
            provider.GetRequiredService<Sealer>(),
            provider.GetRequiredService<SessionPolicy>(),
            provider.GetRequiredService<TimeProvider>()));
        return services;
    }

    private static IServiceCollection AddSms(this IServiceCollection services, IConfiguration configuration, IHostEnvironment environment)
    {
        services.AddSettings<SmsOptions>(configuration, "Sms").AddSettings<SimulatedSmsOptions>(configuration, "Sms:Simulated");
        services.AddSettings<SmsTextOptions>(configuration, "Sms").AddSingleton<SmsTexts>();
        services.AddSingleton<IBudgets, BudgetLedger>();
        services.AddSingleton<CountryTrafficLedger>();
        services.AddSingleton<ICountryTraffic>(provider => provider.GetRequiredService<CountryTrafficLedger>());
        services.AddHostedService<TrafficExchange>();
        services.AddSingleton(new DevInbox());
        services.AddSettings<ReceiptOptions>(configuration, "Sms")
            .AddSettings<FileSmsOptions>(configuration, "Sms:File")
            .AddSettings<WebhookSmsOptions>(configuration, "Sms:Webhook")
            .AddSettings<TwilioSmsOptions>(configuration, "Sms:Twilio")
            .AddSettings<SmsRuSmsOptions>(configuration, "Sms:SmsRu")
            .AddSettings<SmscSmsOptions>(configuration, "Sms:Smsc");
        services.AddGateway<SimulatedSmsGateway>(SimulatedSmsGateway.ProviderName)
            .AddGateway<FileSmsGateway>(FileSmsGateway.GatewayName)
            .AddGateway<WebhookSmsGateway>(WebhookSmsGateway.GatewayName)
            .AddGateway<TwilioSmsGateway>(TwilioSmsGateway.GatewayName)
            .AddGateway<SmsRuSmsGateway>(SmsRuSmsGateway.GatewayName)
            .AddGateway<SmscSmsGateway>(SmscSmsGateway.GatewayName)
            .AddGatewayClient(WebhookSmsGateway.GatewayName, WebhookConnections.Guard)
            .AddGatewayClient(TwilioSmsGateway.GatewayName)
            .AddGatewayClient(SmsRuSmsGateway.GatewayName)
            .AddGatewayClient(SmscSmsGateway.GatewayName)
            .AddSingleton<IReceiptReader, WebhookReceipts>()
            .AddSingleton<IReceiptReader, TwilioReceipts>()
            .AddSingleton<IReceiptReader, SmsRuReceipts>()
            .AddSingleton<IReceiptReader, SmscReceipts>();
        services.AddSingleton<SmsRoutes>();
        services.AddSingleton<TextSeal>();
        services.AddSingleton<TextSender>();
        services.AddSingleton<TextQueue>();
        services.AddSingleton<IReceiptBook, ReceiptBook>();
        services.AddSingleton<CodeDispatcher>();
        services.AddSingleton<ICodeSender>(provider => provider.GetRequiredService<CodeDispatcher>());
        return services;
    }

    private static IServiceCollection AddGateway<TGateway>(this IServiceCollection services, string name)
        where TGateway : class, ISmsGateway =>
        services.AddSingleton(new KnownSmsGateway(name)).AddSingleton<ISmsGateway, TGateway>();

    /// <summary>
    /// Makes what all use cases stand on, before anybody asks for it: the database's model and its queries. It takes a third of the start, and
    /// touches no database.
    /// </summary>
    /// <param name="services">The service's parts.</param>
    public static void MakeReady(this IServiceProvider services)
    {
        using var scope = services.CreateScope();
        _ = scope.ServiceProvider.GetRequiredService<PhoneAuthContext>().Model;
        _ = scope.ServiceProvider.GetRequiredService<CompiledQueries>();
    }

    /// <summary>Starts sending. After whatever brings the schema up to date, for it looks at once for texts that wait.</summary>
    /// <param name="services">Where to.</param>
    public static IServiceCollection AddCodeDispatcher(this IServiceCollection services) =>
        services.AddHostedService(provider => provider.GetRequiredService<CodeDispatcher>());
}
