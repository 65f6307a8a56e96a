using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace PhoneAuth.Infrastructure.Persistence;

/// <summary>Copies one table, whichever it is: what it needs to know of a table is in the model.</summary>
internal abstract class TableCopy
{
    public abstract string Name { get; }

    public static TableCopy Of(IEntityType entity, PhoneAuthContext source, PhoneAuthContext target)
    {
        var type = typeof(TableCopy<,>).MakeGenericType(entity.ClrType, entity.FindPrimaryKey()!.Properties[0].ClrType);
        return (TableCopy)Activator.CreateInstance(type, entity, source, target)!;
    }

    /// <summary>Whether each row of the target is the source's.</summary>
    public abstract Task<bool> TargetIsPartOfSourceAsync(CancellationToken cancellationToken);

    /// <summary>Whether the target has each row of the source, and no other.</summary>
    public abstract Task<bool> SourceIsAllOfTargetAsync(CancellationToken cancellationToken);

    /// <summary>Writes the rows that the target does not have.</summary>
    public abstract Task<(long Written, long Found)> CopyAsync(CancellationToken cancellationToken);
}

/// <inheritdoc/>
/// <typeparam name="T">A row.</typeparam>
/// <typeparam name="TKey">The first column of its key.</typeparam>
internal sealed class TableCopy<T, TKey>(IEntityType entity, PhoneAuthContext source, PhoneAuthContext target) : TableCopy
    where T : class
{
    private const int BatchSize = 500;

    private readonly IReadOnlyList<IProperty> properties = [.. entity.GetProperties()];
    private readonly IReadOnlyList<IProperty> key = entity.FindPrimaryKey()!.Properties;

    public override string Name => entity.GetTableName()!;

    public override Task<bool> TargetIsPartOfSourceAsync(CancellationToken cancellationToken) => HasAllOfAsync(source, target, cancellationToken);

    public override async Task<bool> SourceIsAllOfTargetAsync(CancellationToken cancellationToken) =>
        await HasAllOfAsync(target, source, cancellationToken)
        && await source.Set<T>().LongCountAsync(cancellationToken) == await target.Set<T>().LongCountAsync(cancellationToken);

    public override async Task<(long Written, long Found)> CopyAsync(CancellationToken cancellationToken)
    {
        long written = 0, found = 0;
        await foreach (var batch in BatchesOf(source).WithCancellation(cancellationToken))
        {
            var there = await FindAsync(target, batch, cancellationToken);
            var missing = batch.Where(row => !there.ContainsKey(KeyOf(row))).ToList();
            target.AddRange(missing);
            await target.SaveChangesAsync(cancellationToken);
            target.ChangeTracker.Clear();
            (written, found) = (written + missing.Count, found + batch.Length - missing.Count);
        }

        return (written, found);
    }

    private static IAsyncEnumerable<T[]> BatchesOf(PhoneAuthContext context) => context.Set<T>().AsNoTracking().AsAsyncEnumerable().Chunk(BatchSize);

    private async Task<bool> HasAllOfAsync(PhoneAuthContext whole, PhoneAuthContext part, CancellationToken cancellationToken)
    {
        await foreach (var batch in BatchesOf(part).WithCancellation(cancellationToken))
        {
            var found = await FindAsync(whole, batch, cancellationToken);
            if (!Array.TrueForAll(batch, row => found.TryGetValue(KeyOf(row), out var other) && ContentOf(row).SequenceEqual(ContentOf(other), StringComparer.Ordinal)))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The rows with these keys; where a key has more columns, those with the same first column.</summary>
    private async Task<Dictionary<string, T>> FindAsync(PhoneAuthContext context, T[] rows, CancellationToken cancellationToken)
    {
        var column = key[0].Name;
        var keys = rows.Select(row => (TKey)key[0].GetGetter().GetClrValue(row)!).Distinct().ToList();
        var found = await context.Set<T>().AsNoTracking().Where(row => keys.Contains(EF.Property<TKey>(row, column))).ToListAsync(cancellationToken);
        return found.ToDictionary(KeyOf, StringComparer.Ordinal);
    }

    private string KeyOf(T row) => string.Join('\n', key.Select(property => TextOf(property, row)));

    private IEnumerable<string?> ContentOf(T row) => properties.Select(property => TextOf(property, row));

    /// <summary>A value as the target keeps it, in a form that two equal values share.</summary>
    private static string? TextOf(IProperty property, T row)
    {
        var value = property.GetGetter().GetClrValue(row);
        return (property.GetTypeMapping().Converter is { } converter ? converter.ConvertToProvider(value) : value) switch
        {
            null => null,
            byte[] bytes => Convert.ToHexString(bytes),
            DateTimeOffset time => time.UtcTicks.ToString(CultureInfo.InvariantCulture),
            var other => Convert.ToString(other, CultureInfo.InvariantCulture),
        };
    }
}
