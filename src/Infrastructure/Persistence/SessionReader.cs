using AutoMapper;
using AutoMapper.QueryableExtensions;
using Microsoft.EntityFrameworkCore;
using PhoneAuth.Application.Sessions;

namespace PhoneAuth.Infrastructure.Persistence;

internal sealed class SessionReader(PhoneAuthContext context, IMapper mapper, LiveSessions live) : ISessionReader
{
    public async Task<IReadOnlyList<SessionResponse>> ListAsync(Guid userId, DateTimeOffset now, CancellationToken cancellationToken) =>
        await context.Sessions.AsNoTracking()
            .Where(session => session.UserId == userId && session.ExpiresAt > now)
            .OrderByDescending(session => session.LastUsedAt).ThenByDescending(session => session.Id)
            .ProjectTo<SessionResponse>(mapper.ConfigurationProvider)
            .ToListAsync(cancellationToken);

    public async Task<bool> IsLiveAsync(Guid sessionId, Guid userId, DateTimeOffset now) => await live.FindProfileAsync(sessionId, userId, now) is not null;
}
