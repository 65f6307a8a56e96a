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

    /// <summary>The same of the numbers in <c>numbers</c>, as far as nobody else holds their rows; which they are is in <see cref="PhoneAuthContext.HeldKeys"/>.</summary>
    public const string FreeNumbersBefore = "free numbers held before";

    /// <summary>The same of the addresses in <c>addresses</c>.</summary>
    public const string FreeAddressesBefore = "free addresses held before";

    /// <summary>Those rows of the query's first table are held that nobody else holds, and no others come.</summary>
    public const string FreeOfFirstTable = "held if free";

    private static readonly (string Tag, string Statement)[] Before =
    [
        (NumberBefore, "SELECT phone_number FROM verification_codes WHERE phone_number = @number FOR UPDATE;\n"),
        (FreeNumbersBefore, "SELECT phone_number FROM verification_codes WHERE phone_number = ANY (@numbers) FOR UPDATE SKIP LOCKED;\n"),
        (FreeAddressesBefore, "SELECT address FROM address_usages WHERE address = ANY (@addresses) FOR UPDATE SKIP LOCKED;\n"),
    ];

    private const string From = "\nFROM ";
    private const string As = " AS ";

    public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
    {
        var text = command.CommandText;
        foreach (var (tag, statement) in Before)
        {
            if (IsTagged(text, tag))
            {
                command.CommandText = statement + text;
                return ValueTask.FromResult(result);
            }
        }

        var isOfFree = IsTagged(text, FreeOfFirstTable);
        if (isOfFree || IsTagged(text, FirstTable))
        {
            // … FROM sessions AS s …: the lock names the table by its alias.
            var alias = text.IndexOf(As, text.IndexOf(From, StringComparison.Ordinal), StringComparison.Ordinal) + As.Length;
            var end = text.AsSpan(alias).IndexOfAny('\n', '\r', ' ');
            command.CommandText = $"{text}\nFOR UPDATE OF {text.AsSpan(alias, end)}{(isOfFree ? " SKIP LOCKED" : "")}";
        }

        return ValueTask.FromResult(result);
    }

    public override async ValueTask<DbDataReader> ReaderExecutedAsync(
        DbCommand command, CommandExecutedEventData eventData, DbDataReader result, CancellationToken cancellationToken = default)
    {
        if (Array.Exists(Before, before => command.CommandText.StartsWith(before.Statement, StringComparison.Ordinal)))
        {
            var keys = new HashSet<string>(StringComparer.Ordinal);
            while (await result.ReadAsync(cancellationToken))
            {
                keys.Add(result.GetString(0));
            }

            ((PhoneAuthContext)eventData.Context!).HeldKeys = keys;
            await result.NextResultAsync(cancellationToken);
        }

        return result;
    }

    private static bool IsTagged(string text, string tag) =>
        text.Length > tag.Length + 3 && text.StartsWith("-- ", StringComparison.Ordinal) && text.AsSpan(3).StartsWith(tag) && text[tag.Length + 3] is '\n' or '\r';
}
