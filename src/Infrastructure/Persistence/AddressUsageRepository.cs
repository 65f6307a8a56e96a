using Microsoft.EntityFrameworkCore;
using PhoneAuth.Domain.Addresses;

namespace PhoneAuth.Infrastructure.Persistence;

internal sealed class AddressUsageRepository(PhoneAuthContext context, UnitOfWork unitOfWork) : IAddressUsageRepository
{
    public async Task<AddressUsage?> LockAsync(string address, CancellationToken cancellationToken)
    {
        var held = await unitOfWork.HoldAsync<AddressUsage>("SELECT * FROM address_usages WHERE address = {0}", cancellationToken, address);
        return await held.AsAsyncEnumerable().SingleOrDefaultAsync(cancellationToken);
    }

    public void Add(AddressUsage usage) => context.AddressUsages.Add(usage);
}
