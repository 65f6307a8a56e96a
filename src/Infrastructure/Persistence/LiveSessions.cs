using System.Linq.Expressions;
using Microsoft.Extensions.DependencyInjection;
using PhoneAuth.Application.Profiles;
using PhoneAuth.Domain.Sessions;
using PhoneAuth.Domain.Users;

namespace PhoneAuth.Infrastructure.Persistence;

/// <summary>
/// Whose a session is, as long as it lives. Every call with a token asks it, and a round trip to the database with all that hangs on it costs a
/// hundred times what it is for: those that come together are asked by one query.
/// </summary>
internal sealed class LiveSessions
{
    private readonly SharedRounds<Guid, Dictionary<Guid, LiveSession>> reads;

    public LiveSessions(IServiceScopeFactory scopes, CompiledQueries queries, TimeProvider clock) => reads = new(
        async (ids, _) =>
        {
            await using var scope = scopes.CreateAsyncScope();
            var context = scope.ServiceProvider.GetRequiredService<PhoneAuthContext>();
            var found = new Dictionary<Guid, LiveSession>(ids.Count);
            if (ids.Count == 1)
            {
                if (await queries.LiveSession(context, ids[0]) is { } session)
                {
                    found.Add(session.Id, session);
                }

                return found;
            }

            await foreach (var session in queries.LiveSessions(context, Lists.Lengthen(ids)))
            {
                found.Add(session.Id, session);
            }

            return found;
        },
        clock);

    /// <returns>
    /// The profile of the session's user, without those whom the user has invited; null if the session is somebody else's, has ended, or its user
    /// is blocked. Others may have been given the same object.
    /// </returns>
    public async Task<ProfileResponse?> FindProfileAsync(Guid sessionId, Guid userId, DateTimeOffset now)
    {
        var session = (await reads.AskAsync(sessionId)).GetValueOrDefault(sessionId);
        return session is not null && session.UserId == userId && session.ExpiresAt > now && session.BlockedAt is null ? session.Profile : null;
    }
}

/// <summary>What is read of a session to know whether it lives, and its user's profile.</summary>
internal sealed record LiveSession(Guid Id, Guid UserId, DateTimeOffset ExpiresAt, DateTimeOffset? BlockedAt, ProfileResponse Profile)
{
    /// <summary>How a session and its user become one of these, in words that EF can translate.</summary>
    /// <param name="toProfile">How a user becomes a profile.</param>
    public static Expression<Func<Session, User, LiveSession>> With(Expression<Func<User, ProfileResponse>> toProfile)
    {
        var (session, user) = (Expression.Parameter(typeof(Session), "session"), toProfile.Parameters[0]);
        var made = Expression.New(
            typeof(LiveSession).GetConstructors()[0],
            Expression.Property(session, nameof(Session.Id)),
            Expression.Property(session, nameof(Session.UserId)),
            Expression.Property(session, nameof(Session.ExpiresAt)),
            Expression.Property(user, nameof(User.BlockedAt)),
            toProfile.Body);
        return Expression.Lambda<Func<Session, User, LiveSession>>(made, session, user);
    }
}
