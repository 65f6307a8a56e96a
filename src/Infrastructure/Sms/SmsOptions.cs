using FluentValidation;
using PhoneAuth.Domain.PhoneNumbers;
using PhoneAuth.Infrastructure.Sms.Files;

namespace PhoneAuth.Infrastructure.Sms;

/// <summary>How texts are sent, as the settings under <c>Sms</c> say it.</summary>
public sealed record SmsOptions
{
    /// <summary>The gateways' names in the order in which they are tried, separated by commas.</summary>
    public string Provider { get; init; } = SimulatedSmsGateway.ProviderName;

    /// <summary>By country code without the plus: the gateways for its numbers, instead of <see cref="Provider"/>.</summary>
    public IReadOnlyDictionary<string, string> Routes { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The names of the gateways for a country code, in the order in which they are tried.</summary>
    /// <param name="countryCode">The country code without the plus.</param>
    public IReadOnlyList<string> GatewaysFor(string countryCode) => Names(Routes.GetValueOrDefault(countryCode, Provider));

    /// <summary>Whether any text may go to this gateway.</summary>
    /// <param name="gateway">The gateway's name.</param>
    public bool Uses(string gateway) => Routes.Values.Append(Provider).SelectMany(Names).Contains(gateway, StringComparer.Ordinal);

    /// <summary>Whether texts may go to the gateway that reaches no phone.</summary>
    public bool IsSimulated => Uses(SimulatedSmsGateway.ProviderName);

    /// <summary>Whether texts may go to the gateway that writes them to a file.</summary>
    public bool WritesToFile => Uses(FileSmsGateway.GatewayName);

    internal static IReadOnlyList<string> Names(string list) => list.Split(',', StringSplitOptions.TrimEntries);
}

/// <summary>A gateway that there is, whether or not the settings use it.</summary>
/// <param name="Name">The name that <c>Sms:Provider</c> knows it by.</param>
internal sealed record KnownSmsGateway(string Name);

internal sealed class SmsOptionsValidator : AbstractValidator<SmsOptions>
{
    private readonly IReadOnlyList<string> known;

    public SmsOptionsValidator(IEnumerable<KnownSmsGateway> gateways)
    {
        known = [.. gateways.Select(gateway => gateway.Name)];
        RuleFor(options => options.Provider).Must(AreKnown).WithMessage(options => Unknown(options.Provider));
        RuleForEach(options => options.Routes)
            .Must(route => CountryCodes.Exists(route.Key)).WithMessage((_, route) => $"There is no country code '{route.Key}'; it is written without the plus.")
            .Must(route => AreKnown(route.Value)).WithMessage((_, route) => Unknown(route.Value));
    }

    private bool AreKnown(string list)
    {
        var names = SmsOptions.Names(list);
        return names.All(name => known.Contains(name, StringComparer.Ordinal)) && names.Distinct(StringComparer.Ordinal).Count() == names.Count;
    }

    private string Unknown(string list) => $"'{list}' is not a list of gateways, each once, with commas between; there are {string.Join(", ", known)}.";
}
