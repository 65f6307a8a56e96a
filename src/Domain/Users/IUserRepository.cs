using PhoneAuth.Domain.InviteCodes;
using PhoneAuth.Domain.PhoneNumbers;

namespace PhoneAuth.Domain.Users;

/// <summary>The users.</summary>
public interface IUserRepository
{
    /// <summary>Reads the user of a number.</summary>
    /// <param name="phoneNumber">The number.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<User?> FindAsync(PhoneNumber phoneNumber, CancellationToken cancellationToken);

    /// <summary>Reads a user and holds the row until the unit of work ends.</summary>
    /// <param name="id">The user's id.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<User?> LockAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>Reads a user and the owner of a code, and holds both rows, taken in one order by everybody so that nobody waits in a circle.</summary>
    /// <param name="id">The user's id.</param>
    /// <param name="code">The code; its owner may be the user.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<(User? User, User? Owner)> LockWithOwnerAsync(Guid id, InviteCode code, CancellationToken cancellationToken);

    /// <summary>Reads a user and whoever invited them, and holds both rows, in the same order as <see cref="LockWithOwnerAsync"/>.</summary>
    /// <param name="id">The user's id.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<(User? User, User? Inviter)> LockWithInviterAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>Whether any of these keyed hashes is that of a number which activated a code in an earlier account.</summary>
    /// <param name="phoneHashes">The number's hashes, one for each secret key.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<bool> HasSpentActivationAsync(IReadOnlyCollection<byte[]> phoneHashes, CancellationToken cancellationToken);

    /// <summary>Remembers that a number activated a code, beyond its account.</summary>
    /// <param name="spentActivation">The number's keyed hash.</param>
    void Add(SpentActivation spentActivation);

    /// <summary>Adds a user. A number or an invite code that is taken is a lost race.</summary>
    /// <param name="user">The user.</param>
    void Add(User user);

    /// <summary>Removes a user; the sessions go with them.</summary>
    /// <param name="user">The user.</param>
    void Remove(User user);
}
