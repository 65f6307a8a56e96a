using PhoneAuth.Domain.Addresses;
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

    /// <summary>A number's row and an address's, for a code that is to be sent.</summary>
    /// <param name="phoneNumber">The number.</param>
    /// <param name="network">The address, or null where it does not matter.</param>
    Holding<NumberAtSend> HoldForSend(PhoneNumber phoneNumber, string? network);

    /// <summary>A number's row and an address's, for a guess, and what a sign-in asks beside them.</summary>
    /// <param name="phoneNumber">The number.</param>
    /// <param name="spentHashes">The number's keyed hashes as those of a number that has activated a code, one for each secret key.</param>
    /// <param name="network">The address, or null where it does not matter.</param>
    Holding<NumberAtSignIn> HoldForSignIn(PhoneNumber phoneNumber, IReadOnlyCollection<byte[]> spentHashes, string? network);

    /// <summary>Reads a number's row to look at it.</summary>
    /// <param name="phoneNumber">The number.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<VerificationCode?> FindAsync(PhoneNumber phoneNumber, CancellationToken cancellationToken);

    /// <summary>Adds the first row of a number. Two at once is a lost race for one of them.</summary>
    /// <param name="verificationCode">The row.</param>
    void Add(VerificationCode verificationCode);
}

/// <summary>What is known of a number that asks for a code.</summary>
/// <param name="Code">Its row, which is held; null where it has none.</param>
/// <param name="Address">The address's row, which is held; null where it has none or does not matter.</param>
public sealed record NumberAtSend(VerificationCode? Code, AddressUsage? Address);

/// <summary>What is known of a number that signs in.</summary>
/// <param name="Code">Its row, which is held; null where it has none: then nothing else of it was looked for.</param>
/// <param name="User">Its user, who is not held; null before the first sign-in.</param>
/// <param name="ActivationSpent">Whether the number has activated an invite code in an earlier account.</param>
/// <param name="Address">The address's row, which is held; null where it has none or does not matter.</param>
public sealed record NumberAtSignIn(VerificationCode? Code, User? User, bool ActivationSpent, AddressUsage? Address);
