using System.Data.Common;

namespace PhoneAuth.Infrastructure.Persistence;

/// <summary>Tells the database's faults from our own.</summary>
public static class DatabaseFaults
{
    /// <summary>Whether an exception comes from a database that is away, overloaded or broken.</summary>
    /// <param name="exception">The exception.</param>
    public static bool Caused(Exception exception)
    {
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            if (cause is DbException or TimeoutException)
            {
                return true;
            }
        }

        return false;
    }
}
