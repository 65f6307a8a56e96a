using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace PhoneAuth.Infrastructure.Persistence;

/// <summary>
/// Row locks for compiled queries: EF has no words for them, and compiles no query that is written by hand. A query says by its tag which rows
/// are held, and on PostgreSQL its statement is completed here; on SQLite whoever writes is alone.
/// </summary>
internal sealed class Hold : DbCommandInterceptor
{
    /// <summary>The rows of the query's first table are held.</summary>
    public const string FirstTable = "held";

    /// <summary>
    /// The row of the number in the query's parameter <c>number</c> is held before the query begins: by a statement in front of it, in the same message.
    /// One statement alone would wait for the row and then show the other tables as they were before the wait: a user who was blocked meanwhile
    /// would come in.
    /// </summary>
    public const string NumberBefore = "number held before";

    private const string HoldNumber = "SELECT 1 FROM verification_codes WHERE phone_number = @number FOR UPDATE;\n";
    private const string From = "\nFROM ";
    private const string As = " AS ";

    public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
    {
        var text = command.CommandText;
        if (text.StartsWith("-- " + NumberBefore, StringComparison.Ordinal))
        {
            command.CommandText = HoldNumber + text;
        }
        else if (text.StartsWith("-- " + FirstTable, StringComparison.Ordinal))
        {
            // … FROM sessions AS s …: the lock names the table by its alias.
            var alias = text.IndexOf(As, text.IndexOf(From, StringComparison.Ordinal), StringComparison.Ordinal) + As.Length;
            var end = text.AsSpan(alias).IndexOfAny('\n', '\r', ' ');
            command.CommandText = $"{text}\nFOR UPDATE OF {text.AsSpan(alias, end)}";
        }

        return ValueTask.FromResult(result);
    }

    public override async ValueTask<DbDataReader> ReaderExecutedAsync(
        DbCommand command, CommandExecutedEventData eventData, DbDataReader result, CancellationToken cancellationToken = default)
    {
        if (command.CommandText.StartsWith(HoldNumber, StringComparison.Ordinal))
        {
            await result.NextResultAsync(cancellationToken);
        }

        return result;
    }
}
