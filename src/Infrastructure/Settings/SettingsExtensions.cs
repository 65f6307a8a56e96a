using FluentValidation;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace PhoneAuth.Infrastructure.Settings;

/// <summary>Settings as plain records: bound, checked before the service starts, and handed out as they are.</summary>
public static class SettingsExtensions
{
    /// <summary>Binds a section to a record that its <see cref="IValidator{T}"/> checks at start.</summary>
    /// <typeparam name="T">The record.</typeparam>
    /// <param name="services">Where to.</param>
    /// <param name="configuration">All settings.</param>
    /// <param name="section">The section's name, as README's table has it; empty for the root.</param>
    public static IServiceCollection AddSettings<T>(this IServiceCollection services, IConfiguration configuration, string section)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(configuration);
        services.AddOptions<T>()
            .Bind(section.Length == 0 ? configuration : configuration.GetSection(section))
            .ValidateOnStart();
        services.AddSingleton<IValidateOptions<T>>(provider => new Validation<T>(section, provider.GetRequiredService<IValidator<T>>()));
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<T>>().Value);
        return services;
    }

    private sealed class Validation<T>(string section, IValidator<T> validator) : IValidateOptions<T>
        where T : class
    {
        public ValidateOptionsResult Validate(string? name, T options)
        {
            var failures = validator.Validate(options).Errors;
            var prefix = section.Length == 0 ? "" : section + ":";
            return failures.Count == 0
                ? ValidateOptionsResult.Success
                : ValidateOptionsResult.Fail(failures.Select(failure => $"{prefix}{failure.PropertyName}: {failure.ErrorMessage}"));
        }
    }
}
