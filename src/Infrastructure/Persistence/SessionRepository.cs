using Microsoft.EntityFrameworkCore;
using PhoneAuth.Domain.Sessions;
using PhoneAuth.Domain.Users;

namespace PhoneAuth.Infrastructure.Persistence;

internal sealed class SessionRepository(PhoneAuthContext context, UnitOfWork unitOfWork, SharedHolds shared) : ISessionRepository
{
    public async Task<Session?> LockAsync(Guid id, CancellationToken cancellationToken)
    {
        var held = await unitOfWork.HoldAsync<Session>("SELECT * FROM sessions WHERE id = {0}", cancellationToken, id);
        return await held.AsAsyncEnumerable().SingleOrDefaultAsync(cancellationToken);
    }

    public Task<bool> DecideAsync(Guid id, Action<Session, User> decide, CancellationToken cancellationToken) =>
        shared.Sessions.DecideAsync(id, unitOfWork, context, found => decide(unitOfWork.Held(found.Session)!, found.User), cancellationToken);

    public void Add(Session session) => unitOfWork.Insert(session);

    public void Remove(Session session) => unitOfWork.Delete(session);

    public async Task EndAllAsync(Guid userId, Guid? except, CancellationToken cancellationToken)
    {
        await unitOfWork.BeginAsync(cancellationToken);
        await context.Sessions.Where(session => session.UserId == userId && session.Id != except).ExecuteDeleteAsync(cancellationToken);
    }
}
