namespace PhoneAuth.Domain.Addresses;

/// <summary>What addresses did lately.</summary>
public interface IAddressUsageRepository
{
    /// <summary>Reads an address's row and holds it until the unit of work ends.</summary>
    /// <param name="address">The address.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The row, or null where the address has none.</returns>
    Task<AddressUsage?> LockAsync(string address, CancellationToken cancellationToken);

    /// <summary>Adds the first row of an address. Two at once is a lost race for one of them.</summary>
    /// <param name="usage">The row.</param>
    void Add(AddressUsage usage);
}
