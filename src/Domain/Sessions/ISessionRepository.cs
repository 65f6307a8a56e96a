using PhoneAuth.Domain.Users;

namespace PhoneAuth.Domain.Sessions;

/// <summary>The sessions that have not ended.</summary>
public interface ISessionRepository
{
    /// <summary>Reads a session and holds its row until the unit of work ends.</summary>
    /// <param name="id">The session's id.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<Session?> LockAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>Holds a session's row, decides about it, and saves what is decided.</summary>
    /// <param name="id">The session's id.</param>
    /// <param name="decide">
    /// The decision, which is given the session's user too, whose row is not held. Others may be made in the same transaction; where a race is lost, it is made
    /// again. Nothing of it may be told before it is saved.
    /// </param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>False where there is no such session.</returns>
    Task<bool> DecideAsync(Guid id, Action<Session, User> decide, CancellationToken cancellationToken);

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
