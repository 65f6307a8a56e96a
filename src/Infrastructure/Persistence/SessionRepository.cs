using Microsoft.EntityFrameworkCore;
using PhoneAuth.Domain.Sessions;
using PhoneAuth.Domain.Users;

namespace PhoneAuth.Infrastructure.Persistence;

internal sealed class SessionRepository(PhoneAuthContext context, UnitOfWork unitOfWork, CompiledQueries queries) : ISessionRepository
{
    public async Task<Session?> LockAsync(Guid id, CancellationToken cancellationToken)
    {
        var held = await unitOfWork.HoldAsync<Session>("SELECT * FROM sessions WHERE id = {0}", cancellationToken, id);
        return await held.AsAsyncEnumerable().SingleOrDefaultAsync(cancellationToken);
    }

    public async Task<(Session Session, User User)?> LockWithUserAsync(Guid id, CancellationToken cancellationToken)
    {
        await unitOfWork.BeginAsync(cancellationToken);
        return await queries.HeldSessionWithUser(context, id) is var (session, user) ? (unitOfWork.Held(session)!, user) : null;
    }

    public void Add(Session session) => unitOfWork.Insert(session);

    public void Remove(Session session) => context.Sessions.Remove(session);

    public async Task EndAllAsync(Guid userId, Guid? except, CancellationToken cancellationToken)
    {
        await unitOfWork.BeginAsync(cancellationToken);
        await context.Sessions.Where(session => session.UserId == userId && session.Id != except).ExecuteDeleteAsync(cancellationToken);
    }
}
