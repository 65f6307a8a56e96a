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
}
