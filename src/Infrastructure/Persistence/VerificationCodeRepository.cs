using Microsoft.EntityFrameworkCore;
using PhoneAuth.Domain.PhoneNumbers;
using PhoneAuth.Domain.VerificationCodes;

namespace PhoneAuth.Infrastructure.Persistence;

internal sealed class VerificationCodeRepository(PhoneAuthContext context, UnitOfWork unitOfWork) : IVerificationCodeRepository
{
    public async Task<VerificationCode?> LockAsync(PhoneNumber phoneNumber, CancellationToken cancellationToken)
    {
        var held = await unitOfWork.HoldAsync<VerificationCode>(
            "SELECT * FROM verification_codes WHERE phone_number = {0}", cancellationToken, phoneNumber.E164);
        return await held.AsAsyncEnumerable().SingleOrDefaultAsync(cancellationToken);
    }

    public Task<VerificationCode?> FindAsync(PhoneNumber phoneNumber, CancellationToken cancellationToken) =>
        context.VerificationCodes.AsNoTracking().SingleOrDefaultAsync(code => code.PhoneNumber == phoneNumber, cancellationToken);

    public void Add(VerificationCode verificationCode) => context.VerificationCodes.Add(verificationCode);
}
