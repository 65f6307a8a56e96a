using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace PhoneAuth.Infrastructure.Persistence;

/// <summary>
/// Sends the COMMIT of a unit of work behind its changes, in one message: a round trip less while rows are held, on the way of everybody who waits
/// for them. PostgreSQL leaves out what follows a statement that fails, so a lost race is rolled back as ever. What EF counts after
/// the commit cannot differ: a row that is changed here was held, or is new.
/// </summary>
internal sealed class CommitWithSave : DbCommandInterceptor
{
    private static readonly string[] Verbs = ["INSERT INTO ", "UPDATE ", "DELETE FROM "];

    public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
    {
        // A save that EF splits into several commands is committed behind the last of them, by the unit of work.
        if (eventData.CommandSource == CommandSource.SaveChanges
            && eventData.Context is PhoneAuthContext { ChangesBeforeCommit: > 0 } context
            && Statements(command.CommandText) == context.ChangesBeforeCommit)
        {
            command.CommandText += "COMMIT";
            context.HasCommitted = true;
        }

        return ValueTask.FromResult(result);
    }

    private static int Statements(string text)
    {
        var count = 0;
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            foreach (var verb in Verbs)
            {
                count += line.StartsWith(verb, StringComparison.Ordinal) ? 1 : 0;
            }
        }

        return count;
    }
}
