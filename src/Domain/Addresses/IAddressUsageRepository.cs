namespace PhoneAuth.Domain.Addresses;

/// <summary>What addresses did lately. An address's row is held together with a number's: whoever asks for the one asks for the other.</summary>
public interface IAddressUsageRepository
{
    /// <summary>Adds the first row of an address. Two at once is a lost race for one of them.</summary>
    /// <param name="usage">The row.</param>
    void Add(AddressUsage usage);
}
