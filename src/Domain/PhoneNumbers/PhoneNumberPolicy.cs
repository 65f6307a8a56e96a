namespace PhoneAuth.Domain.PhoneNumbers;

/// <summary>Which numbers are taken, as the settings under <c>PhoneNumbers</c> say it.</summary>
public sealed record PhoneNumberPolicy
{
    /// <summary>The country code of numbers written nationally.</summary>
    public string DefaultCountryCode { get; init; } = "7";

    /// <summary>The country codes that codes are sent to; none given means all.</summary>
    public IReadOnlyList<string> AllowedCountryCodes { get; init; } = [];

    /// <summary>Whether codes are sent to a number.</summary>
    /// <param name="phoneNumber">The number.</param>
    public bool Allows(PhoneNumber phoneNumber)
    {
        ArgumentNullException.ThrowIfNull(phoneNumber);
        return AllowedCountryCodes.Count == 0 || AllowedCountryCodes.Contains(phoneNumber.CountryCode, StringComparer.Ordinal);
    }
}
