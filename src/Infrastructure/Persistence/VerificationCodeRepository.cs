using Microsoft.EntityFrameworkCore;
using PhoneAuth.Domain;
using PhoneAuth.Domain.PhoneNumbers;
using PhoneAuth.Domain.VerificationCodes;

namespace PhoneAuth.Infrastructure.Persistence;

internal sealed class VerificationCodeRepository(PhoneAuthContext context, UnitOfWork unitOfWork, CompiledQueries queries, SharedHolds shared)
    : IVerificationCodeRepository
{
    public async Task<VerificationCode?> LockAsync(PhoneNumber phoneNumber, CancellationToken cancellationToken)
    {
        await unitOfWork.BeginAsync(cancellationToken);
        return unitOfWork.Held(await queries.HeldCode(context, phoneNumber));
    }

    public Holding<NumberAtSend> HoldForSend(PhoneNumber phoneNumber, string? network) =>
        new SharedHolding<AskedNumber, NumberAtSend>(shared.Sends, new AskedNumber(phoneNumber, [], network));

    public Holding<NumberAtSignIn> HoldForSignIn(PhoneNumber phoneNumber, IReadOnlyCollection<byte[]> spentHashes, string? network) =>
        new SharedHolding<AskedNumber, NumberAtSignIn>(shared.SignIns, new AskedNumber(phoneNumber, spentHashes, network));

    public Task<VerificationCode?> FindAsync(PhoneNumber phoneNumber, CancellationToken cancellationToken) =>
        context.VerificationCodes.AsNoTracking().SingleOrDefaultAsync(code => code.PhoneNumber == phoneNumber, cancellationToken);

    public void Add(VerificationCode verificationCode) => unitOfWork.Insert(verificationCode);
}
