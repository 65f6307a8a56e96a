using AutoMapper;
using AutoMapper.QueryableExtensions;
using Microsoft.EntityFrameworkCore;
using PhoneAuth.Application.Sessions;

namespace PhoneAuth.Infrastructure.Persistence;

internal sealed class SessionReader(PhoneAuthContext context, IMapper mapper, CompiledQueries queries) : ISessionReader
{
    public async Task<IReadOnlyList<SessionResponse>> ListAsync(Guid userId, DateTimeOffset now, CancellationToken cancellationToken) =>
        await context.Sessions.AsNoTracking()
            .Where(session => session.UserId == userId && session.ExpiresAt > now)
            .OrderByDescending(session => session.LastUsedAt).ThenByDescending(session => session.Id)
            .ProjectTo<SessionResponse>(mapper.ConfigurationProvider)
            .ToListAsync(cancellationToken);

    public Task<bool> IsLiveAsync(Guid sessionId, Guid userId, DateTimeOffset now, CancellationToken cancellationToken) =>
        queries.IsLive(context, sessionId, userId, now);
}
