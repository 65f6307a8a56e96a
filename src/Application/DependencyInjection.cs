using System.Reflection;
using AutoMapper;
using FluentValidation;
using MediatR;
using Microsoft.Extensions.DependencyInjection;
using PhoneAuth.Application.Abstractions;
using PhoneAuth.Application.Behaviors;
using PhoneAuth.Application.Profiles;
using PhoneAuth.Application.SignIn;

namespace PhoneAuth.Application;

/// <summary>Registers the use cases and the pipeline they run in.</summary>
public static class DependencyInjection
{
    /// <summary>Adds the use cases.</summary>
    /// <param name="services">Where to.</param>
    public static IServiceCollection AddApplication(this IServiceCollection services)
    {
        services.AddScoped<ServiceFactory>(provider => provider.GetService!);
        services.AddScoped<IMediator, Mediator>();

        // The pipeline's order: written here and nowhere else.
        services.AddScoped(typeof(IPipelineBehavior<,>), typeof(LoggingBehavior<,>));
        services.AddScoped(typeof(IPipelineBehavior<,>), typeof(ValidationBehavior<,>));

        foreach (var handler in Assembly.GetExecutingAssembly().GetTypes().Where(type => type is { IsClass: true, IsAbstract: false }))
        {
            foreach (var contract in handler.GetInterfaces().Where(IsHandler))
            {
                services.AddScoped(contract, handler);
            }
        }

        AssemblyScanner.FindValidatorsInAssembly(Assembly.GetExecutingAssembly(), includeInternalTypes: true)
            .ForEach(found => services.AddSingleton(found.InterfaceType, found.ValidatorType));

        services.AddSingleton<AutoMapper.IConfigurationProvider>(_ => new MapperConfiguration(maps => maps.AddProfile<ProfileMaps>()));
        services.AddSingleton<IMapper>(provider => new Mapper(provider.GetRequiredService<AutoMapper.IConfigurationProvider>()));

        services.AddSingleton<Telemetry>();
        services.AddSingleton<TestNumbers>();
        services.AddScoped<AddressLimits>();
        services.AddSingleton<SendPermits>();
        services.AddScoped<SessionOpener>();
        return services;
    }

    private static bool IsHandler(Type contract) => contract.IsGenericType && contract.GetGenericTypeDefinition() == typeof(IRequestHandler<,>);
}
