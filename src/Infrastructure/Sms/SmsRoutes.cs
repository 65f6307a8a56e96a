using System.Collections.Frozen;
using PhoneAuth.Domain.PhoneNumbers;

namespace PhoneAuth.Infrastructure.Sms;

/// <summary>Which gateways take a number's texts, in the order in which they are tried.</summary>
internal sealed class SmsRoutes
{
    private readonly FrozenDictionary<string, ISmsGateway[]> byCountry;
    private readonly ISmsGateway[] others;

    public SmsRoutes(SmsOptions options, IEnumerable<ISmsGateway> gateways)
    {
        var byName = gateways.ToDictionary(gateway => gateway.Name, StringComparer.Ordinal);
        byCountry = options.Routes.ToFrozenDictionary(route => route.Key, route => Find(route.Value), StringComparer.Ordinal);
        others = Find(options.Provider);

        ISmsGateway[] Find(string list) => [.. SmsOptions.Names(list).Select(name => byName[name])];
    }

    public IReadOnlyList<ISmsGateway> Of(PhoneNumber phoneNumber) => byCountry.GetValueOrDefault(phoneNumber.CountryCode, others);
}
