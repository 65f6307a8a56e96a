using System.Net;
using FluentValidation;
using Microsoft.AspNetCore.HttpOverrides;
using PhoneAuth.Infrastructure.Settings;

namespace PhoneAuth.WebApi.Http;

/// <summary>Who may say whom they speak for, as the settings under <c>ForwardedHeaders</c> say it.</summary>
internal sealed record ForwardedHeadersSettings
{
    /// <summary>Addresses and networks (CIDR) of proxies.</summary>
    public IReadOnlyList<string> KnownProxies { get; init; } = [];
}

internal sealed class ForwardedHeadersSettingsValidator : AbstractValidator<ForwardedHeadersSettings>
{
    public ForwardedHeadersSettingsValidator(IHostEnvironment environment) => RuleForEach(settings => settings.KnownProxies)
        .Must(proxy => ForwardedHeadersSetup.Read(proxy) is not null).WithMessage("'{PropertyValue}' is neither an address nor a network.")
        .Must(proxy => ForwardedHeadersSetup.Read(proxy) is not { PrefixLength: 0 } || !environment.IsProduction())
        .WithMessage("'{PropertyValue}' trusts everybody's word: in Production, name the proxies.");
}

/// <summary>The caller's address behind proxies: the rightmost hop that is not a known proxy.</summary>
internal static class ForwardedHeadersSetup
{
    public static IServiceCollection AddForwardedCallers(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSettings<ForwardedHeadersSettings>(configuration, "ForwardedHeaders");

        // After everybody else: the framework has a switch of its own (ASPNETCORE_FORWARDEDHEADERS_ENABLED), which trusts whoever calls.
        services.AddOptions<ForwardedHeadersOptions>().PostConfigure<ForwardedHeadersSettings>((options, settings) =>
        {
            options.ForwardedHeaders = settings.KnownProxies.Count > 0 ? ForwardedHeaders.XForwardedFor : ForwardedHeaders.None;
            options.ForwardLimit = null;
            options.KnownProxies.Clear();
            options.KnownIPNetworks.Clear();
            foreach (var proxy in settings.KnownProxies)
            {
                options.KnownIPNetworks.Add(Read(proxy)!.Value);
            }
        });
        return services;
    }

    public static System.Net.IPNetwork? Read(string proxy) =>
        IPAddress.TryParse(proxy, out var address) ? new System.Net.IPNetwork(address, address.GetAddressBytes().Length * 8)
        : System.Net.IPNetwork.TryParse(proxy, out var network) ? network
        : null;
}
