using PhoneAuth.Domain;

namespace PhoneAuth.Application.Abstractions;

/// <summary>What one request changes, saved together or not at all.</summary>
public interface IUnitOfWork
{
    /// <summary>Saves what the repositories were given, and lets go of the rows that were held.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>
    /// False when a race was lost (a duplicate, a row that changed or went): nothing is saved, everything read is forgotten, and the
    /// handler begins again. A unit of work that goes on losing is broken, and the database's exception comes out.
    /// </returns>
    Task<bool> SaveAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Holds rows, has something decided about them, and saves that and what was added. Others' decisions may be saved in the same transaction; where a race is
    /// lost, the rows are held again and the decision is made again.
    /// </summary>
    /// <param name="holding">Which rows.</param>
    /// <param name="decide">The decision. Nothing of it may be told before it is saved.</param>
    /// <param name="cancellationToken">Ends the wait, as long as nothing has been decided.</param>
    /// <typeparam name="TFound">What is found in the rows.</typeparam>
    /// <returns>False where the rows to decide about are not there.</returns>
    Task<bool> SaveAsync<TFound>(Holding<TFound> holding, Action<TFound> decide, CancellationToken cancellationToken);
}
