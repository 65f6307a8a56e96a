using Microsoft.Extensions.DependencyInjection;
using PhoneAuth.Domain.Users;

namespace PhoneAuth.Infrastructure.Persistence;

/// <summary>
/// Whose a session is, as long as it lives. Every call with a token asks it, and a round trip to the database with all that hangs on it costs a
/// hundred times what it is for: those that come together are asked by one query.
/// </summary>
internal sealed class LiveSessions
{
    private readonly SharedReads<Guid, Dictionary<Guid, SessionWithUser>> reads;

    public LiveSessions(IServiceScopeFactory scopes, CompiledQueries queries, TimeProvider clock) => reads = new(
        async ids =>
        {
            await using var scope = scopes.CreateAsyncScope();
            var found = new Dictionary<Guid, SessionWithUser>(ids.Count);
            await foreach (var row in queries.SessionsWithUsers(scope.ServiceProvider.GetRequiredService<PhoneAuthContext>(), [.. ids.Distinct()]))
            {
                found.Add(row.Session.Id, row);
            }

            return found;
        },
        clock);

    /// <returns>The session's user; null if it is somebody else's, has ended, or its user is blocked. Shared with other readers, so nothing to change.</returns>
    public async Task<User?> FindUserAsync(Guid sessionId, Guid userId, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var found = await reads.AskAsync(sessionId).WaitAsync(cancellationToken);
        return found.GetValueOrDefault(sessionId) is var (session, user) && session.ExpiresAt > now && user.Id == userId && user.BlockedAt is null ? user : null;
    }
}
