using Microsoft.EntityFrameworkCore;
using PhoneAuth.Domain.Addresses;
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

    public Task DecideAtSendAsync(PhoneNumber phoneNumber, string? network, Action<NumberAtSend> decide, CancellationToken cancellationToken) =>
        shared.Sends.DecideAsync(
            new AskedNumber(phoneNumber, [], network),
            unitOfWork,
            context,
            found =>
            {
                Hold(found.Code, found.Address);
                decide(found);
            },
            cancellationToken);

    public Task DecideAtSignInAsync(
        PhoneNumber phoneNumber,
        IReadOnlyCollection<byte[]> spentHashes,
        string? network,
        Action<NumberAtSignIn> decide,
        CancellationToken cancellationToken) =>
        shared.SignIns.DecideAsync(
            new AskedNumber(phoneNumber, spentHashes, network),
            unitOfWork,
            context,
            found =>
            {
                Hold(found.Code, found.Address);
                decide(found);
            },
            cancellationToken);

    public Task<VerificationCode?> FindAsync(PhoneNumber phoneNumber, CancellationToken cancellationToken) =>
        context.VerificationCodes.AsNoTracking().SingleOrDefaultAsync(code => code.PhoneNumber == phoneNumber, cancellationToken);

    public void Add(VerificationCode verificationCode) => unitOfWork.Insert(verificationCode);

    private void Hold(VerificationCode? code, AddressUsage? address)
    {
        unitOfWork.Held(code);
        unitOfWork.Held(address);
    }
}
