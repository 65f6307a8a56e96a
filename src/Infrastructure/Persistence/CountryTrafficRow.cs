namespace PhoneAuth.Infrastructure.Persistence;

/// <summary>What all instances together sent to a country code in five minutes, and what was typed back there.</summary>
internal sealed class CountryTrafficRow
{
    public const int MaxCountryCodeLength = 3;

    public required string CountryCode { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public long Sent { get; init; }

    public long Verified { get; init; }
}
