using PhoneAuth.Domain.Addresses;

namespace PhoneAuth.Infrastructure.Persistence;

internal sealed class AddressUsageRepository(PhoneAuthContext context, UnitOfWork unitOfWork, CompiledQueries queries) : IAddressUsageRepository
{
    public async Task<AddressUsage?> LockAsync(string address, CancellationToken cancellationToken)
    {
        await unitOfWork.BeginAsync(cancellationToken);
        return unitOfWork.Held(await queries.HeldAddress(context, address));
    }

    public void Add(AddressUsage usage) => unitOfWork.Insert(usage);
}
