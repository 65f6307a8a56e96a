using PhoneAuth.Domain.Users;

namespace PhoneAuth.Domain.Sessions;

/// <summary>The sessions that have not ended.</summary>
public interface ISessionRepository
{
    /// <summary>Reads a session and holds its row until the unit of work ends.</summary>
    /// <param name="id">The session's id.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<Session?> LockAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>A session's row, which is to be held until it is saved, with its user, whose row is not.</summary>
    /// <param name="id">The session's id.</param>
    Holding<SessionWithUser> HoldWithUser(Guid id);

    /// <summary>Adds a session. One whose user is being deleted is a lost race.</summary>
    /// <param name="session">The session.</param>
    void Add(Session session);

    /// <summary>Ends a session.</summary>
    /// <param name="session">The session.</param>
    void Remove(Session session);

    /// <summary>Ends all sessions of a user but one, at once and for good.</summary>
    /// <param name="userId">The user's id.</param>
    /// <param name="except">The session that stays, or null.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task EndAllAsync(Guid userId, Guid? except, CancellationToken cancellationToken);
}

/// <summary>A session that is held, and its user.</summary>
/// <param name="Session">The session.</param>
/// <param name="User">Its user, who is not held.</param>
public sealed record SessionWithUser(Session Session, User User);
