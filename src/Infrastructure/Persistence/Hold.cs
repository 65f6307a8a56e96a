using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace PhoneAuth.Infrastructure.Persistence;

/// <summary>
/// Row locks for compiled queries: EF has no words for them, and compiles no query that is written by hand. A query says by its tag that the
/// rows of its first table are held, and on PostgreSQL its statement ends accordingly; on SQLite whoever writes is alone.
/// </summary>
internal sealed class Hold : DbCommandInterceptor
{
    public const string FirstTable = "held";

    private const string Tagged = "-- " + FirstTable;
    private const string From = "\nFROM ";
    private const string As = " AS ";

    public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
    {
        var text = command.CommandText;
        if (text.StartsWith(Tagged, StringComparison.Ordinal))
        {
            // … FROM verification_codes AS v …: the lock names the table by its alias.
            var alias = text.IndexOf(As, text.IndexOf(From, StringComparison.Ordinal), StringComparison.Ordinal) + As.Length;
            var end = text.AsSpan(alias).IndexOfAny('\n', '\r', ' ');
            command.CommandText = $"{text}\nFOR UPDATE OF {text.AsSpan(alias, end)}";
        }

        return ValueTask.FromResult(result);
    }
}
