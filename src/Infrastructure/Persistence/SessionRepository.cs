using Microsoft.EntityFrameworkCore;
using PhoneAuth.Domain;
using PhoneAuth.Domain.Sessions;

namespace PhoneAuth.Infrastructure.Persistence;

internal sealed class SessionRepository(PhoneAuthContext context, UnitOfWork unitOfWork, SharedHolds shared) : ISessionRepository
{
    public async Task<Session?> LockAsync(Guid id, CancellationToken cancellationToken)
    {
        var held = await unitOfWork.HoldAsync<Session>("SELECT * FROM sessions WHERE id = {0}", cancellationToken, id);
        return await held.AsAsyncEnumerable().SingleOrDefaultAsync(cancellationToken);
    }

    public Holding<SessionWithUser> HoldWithUser(Guid id) => new SharedHolding<Guid, SessionWithUser>(shared.Sessions, id);

    public void Add(Session session) => unitOfWork.Insert(session);

    public void Remove(Session session) => unitOfWork.Delete(session);

    public async Task EndAllAsync(Guid userId, Guid? except, CancellationToken cancellationToken)
    {
        await unitOfWork.BeginAsync(cancellationToken);
        await context.Sessions.Where(session => session.UserId == userId && session.Id != except).ExecuteDeleteAsync(cancellationToken);
    }
}
