using PhoneAuth.Domain.PhoneNumbers;

namespace PhoneAuth.Domain.VerificationCodes;

/// <summary>The verification rows, one per number.</summary>
public interface IVerificationCodeRepository
{
    /// <summary>Reads a number's row and holds it until the unit of work ends: others that ask for it wait.</summary>
    /// <param name="phoneNumber">The number.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The row, or null where the number has none.</returns>
    Task<VerificationCode?> LockAsync(PhoneNumber phoneNumber, CancellationToken cancellationToken);

    /// <summary>Reads a number's row to look at it.</summary>
    /// <param name="phoneNumber">The number.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<VerificationCode?> FindAsync(PhoneNumber phoneNumber, CancellationToken cancellationToken);

    /// <summary>Adds the first row of a number. Two at once is a lost race for one of them.</summary>
    /// <param name="verificationCode">The row.</param>
    void Add(VerificationCode verificationCode);
}
