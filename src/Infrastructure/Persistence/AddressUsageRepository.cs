using PhoneAuth.Domain.Addresses;

namespace PhoneAuth.Infrastructure.Persistence;

internal sealed class AddressUsageRepository(UnitOfWork unitOfWork) : IAddressUsageRepository
{
    public void Add(AddressUsage usage) => unitOfWork.Insert(usage);
}
