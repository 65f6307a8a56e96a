using Microsoft.EntityFrameworkCore;
using PhoneAuth.Domain.PhoneNumbers;
using PhoneAuth.Domain.VerificationCodes;

namespace PhoneAuth.Infrastructure.Persistence;

internal sealed class VerificationCodeRepository(PhoneAuthContext context, UnitOfWork unitOfWork, CompiledQueries queries) : IVerificationCodeRepository
{
    public async Task<VerificationCode?> LockAsync(PhoneNumber phoneNumber, CancellationToken cancellationToken)
    {
        await unitOfWork.BeginAsync(cancellationToken);
        return unitOfWork.Held(await queries.HeldCode(context, phoneNumber));
    }

    public async Task<NumberAtSignIn> LockForSignInAsync(PhoneNumber phoneNumber, IReadOnlyCollection<byte[]> spentHashes, CancellationToken cancellationToken)
    {
        await unitOfWork.BeginAsync(cancellationToken);
        return await queries.HeldCodeWithUser(context, phoneNumber, [.. spentHashes]) is var (code, user, activationSpent)
            ? new NumberAtSignIn(unitOfWork.Held(code), user, activationSpent)
            : new NumberAtSignIn(null, null, ActivationSpent: false);
    }

    public Task<VerificationCode?> FindAsync(PhoneNumber phoneNumber, CancellationToken cancellationToken) =>
        context.VerificationCodes.AsNoTracking().SingleOrDefaultAsync(code => code.PhoneNumber == phoneNumber, cancellationToken);

    public void Add(VerificationCode verificationCode) => unitOfWork.Insert(verificationCode);
}
