namespace PhoneAuth.Infrastructure.Persistence;

/// <summary>Rows of a list of keys, those that are free held: each for one of those who asked, or for all of them.</summary>
internal sealed class HeldRows<TRow>
    where TRow : class
{
    private readonly Dictionary<string, TRow> rows = new(StringComparer.Ordinal);
    private readonly HashSet<string> taken = new(StringComparer.Ordinal);
    private HashSet<string>? held;

    public static HeldRows<TRow> None => new();

    /// <param name="context">Which knows what the query has held.</param>
    /// <param name="query">A query that is told by <see cref="Hold"/> to hold rows before it begins.</param>
    /// <param name="key">A row's key.</param>
    public static async Task<HeldRows<TRow>> ReadAsync(PhoneAuthContext context, IAsyncEnumerable<TRow> query, Func<TRow, string> key)
    {
        var read = new HeldRows<TRow>();
        await foreach (var row in query)
        {
            read.rows.Add(key(row), row);
        }

        read.held = context.HeldKeys;
        return read;
    }

    /// <summary>A row for one alone, null where there is none.</summary>
    /// <returns>False where somebody else has it, in this transaction or another.</returns>
    public bool TryTake(string key, out TRow? row) => Find(key, out row) && taken.Add(key);

    /// <summary>A row for all who ask for it. One that is not there yet is for one of them, who will add it.</summary>
    /// <param name="key">Its key, or null for none.</param>
    /// <param name="row">The row, or null.</param>
    /// <returns>False where somebody else has it, in another transaction or as one who adds it.</returns>
    public bool TryShare(string? key, out TRow? row)
    {
        row = null;
        return key is null || (Find(key, out row) && (row is not null || taken.Add(key)));
    }

    private bool Find(string key, out TRow? row) => !rows.TryGetValue(key, out row) || held is null || held.Contains(key);
}
