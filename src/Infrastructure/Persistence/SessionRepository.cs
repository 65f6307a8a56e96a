using Microsoft.EntityFrameworkCore;
using PhoneAuth.Domain.Sessions;
using PhoneAuth.Domain.Users;

namespace PhoneAuth.Infrastructure.Persistence;

internal sealed class SessionRepository(PhoneAuthContext context, UnitOfWork unitOfWork) : ISessionRepository
{
    public async Task<Session?> LockAsync(Guid id, CancellationToken cancellationToken)
    {
        var held = await HoldAsync(id, cancellationToken);
        return await held.AsAsyncEnumerable().SingleOrDefaultAsync(cancellationToken);
    }

    public async Task<(Session Session, User User)?> LockWithUserAsync(Guid id, CancellationToken cancellationToken)
    {
        var sessions = await HoldAsync(id, cancellationToken);
        var held = await sessions
            .Join(context.Users, session => session.UserId, user => user.Id, (session, user) => new { session, user })
            .AsAsyncEnumerable()
            .SingleOrDefaultAsync(cancellationToken);
        return held is null ? null : (held.session, held.user);
    }

    public void Add(Session session) => context.Sessions.Add(session);

    public void Remove(Session session) => context.Sessions.Remove(session);

    public async Task EndAllAsync(Guid userId, Guid? except, CancellationToken cancellationToken)
    {
        await unitOfWork.BeginAsync(cancellationToken);
        await context.Sessions.Where(session => session.UserId == userId && session.Id != except).ExecuteDeleteAsync(cancellationToken);
    }

    private Task<IQueryable<Session>> HoldAsync(Guid id, CancellationToken cancellationToken) =>
        unitOfWork.HoldAsync<Session>("SELECT * FROM sessions WHERE id = {0}", cancellationToken, id);
}
