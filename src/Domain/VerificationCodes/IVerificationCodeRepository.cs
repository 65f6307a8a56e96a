using PhoneAuth.Domain.PhoneNumbers;
using PhoneAuth.Domain.Users;

namespace PhoneAuth.Domain.VerificationCodes;

/// <summary>The verification rows, one per number.</summary>
public interface IVerificationCodeRepository
{
    /// <summary>Reads a number's row and holds it until the unit of work ends: others that ask for it wait.</summary>
    /// <param name="phoneNumber">The number.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The row, or null where the number has none.</returns>
    Task<VerificationCode?> LockAsync(PhoneNumber phoneNumber, CancellationToken cancellationToken);

    /// <summary>Reads a number's row and holds it as <see cref="LockAsync"/> does, and with it what a sign-in asks beside it.</summary>
    /// <param name="phoneNumber">The number.</param>
    /// <param name="spentHashes">The number's keyed hashes as those of a number that has activated a code, one for each secret key.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<NumberAtSignIn> LockForSignInAsync(PhoneNumber phoneNumber, IReadOnlyCollection<byte[]> spentHashes, CancellationToken cancellationToken);

    /// <summary>Reads a number's row to look at it.</summary>
    /// <param name="phoneNumber">The number.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<VerificationCode?> FindAsync(PhoneNumber phoneNumber, CancellationToken cancellationToken);

    /// <summary>Adds the first row of a number. Two at once is a lost race for one of them.</summary>
    /// <param name="verificationCode">The row.</param>
    void Add(VerificationCode verificationCode);
}

/// <summary>What is known of a number that signs in.</summary>
/// <param name="Code">Its row, which is held; null where it has none: then nothing else was looked for.</param>
/// <param name="User">Its user, who is not held; null before the first sign-in.</param>
/// <param name="ActivationSpent">Whether the number has activated an invite code in an earlier account.</param>
public sealed record NumberAtSignIn(VerificationCode? Code, User? User, bool ActivationSpent);
