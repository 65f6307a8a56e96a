using System.Collections.Concurrent;
using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage;

namespace PhoneAuth.Infrastructure.Persistence;

/// <summary>
/// A statement that writes one row: a new one, or one that is held and changes or goes. What every sign-in and refresh writes goes this way, because what EF finds
/// out before it writes (in which order, in which words) is known beforehand. The words are made from the model, so a new
/// column is in them by itself; the places in them (<c>$1</c>) are understood by both databases.
/// </summary>
internal sealed class RowStatement
{
    /// <summary>As many columns as a set of them has bits.</summary>
    private const int MostColumns = 64;

    private readonly IEntityType type;
    private readonly IProperty[] columns;
    private readonly IClrPropertyGetter[] getters;
    private readonly RelationalTypeMapping[] mappings;
    private readonly int[] places;
    private readonly ConcurrentDictionary<ulong, RowStatement> narrower = new();

    /// <param name="text">The statement.</param>
    /// <param name="type">What the row is of.</param>
    /// <param name="columns">Its columns.</param>
    /// <param name="places">Which of them have a place in the statement, in the order of the places.</param>
    private RowStatement(string text, IEntityType type, IProperty[] columns, int[] places)
    {
        (Text, this.type, this.columns, this.places) = (text, type, columns, places);
        getters = [.. columns.Select(column => column.GetGetter())];
        mappings = [.. columns.Select(column => column.GetRelationalTypeMapping())];
    }

    public string Text { get; }

    public static RowStatement Insert(IEntityType type)
    {
        IProperty[] all = [.. type.GetProperties()];
        var names = string.Join(", ", all.Select(column => column.GetColumnName()));
        var values = string.Join(", ", all.Select((_, index) => $"${index + 1}"));
        return new RowStatement($"INSERT INTO {type.GetTableName()} ({names}) VALUES ({values})", type, all, Places(all));
    }

    /// <summary>The row that has the same key.</summary>
    public static RowStatement Update(IEntityType type)
    {
        var key = type.FindPrimaryKey()!.Properties;
        IProperty[] all = [.. type.GetProperties().Except(key), .. key];
        return all.Length <= MostColumns ? Update(type, all, Places(all)) : throw new NotSupportedException($"{type.GetTableName()} has more columns than a set of them has bits.");
    }

    /// <summary>The row that has the same key goes.</summary>
    public static RowStatement Delete(IEntityType type)
    {
        IProperty[] key = [.. type.FindPrimaryKey()!.Properties];
        return new RowStatement($"DELETE FROM {type.GetTableName()} WHERE {string.Join(" AND ", Assignments(key, Places(key)))}", type, key, Places(key));
    }

    /// <summary>The row's values, in the order of its columns here.</summary>
    public object?[] Read(object row) => Array.ConvertAll(getters, getter => getter.GetClrValue(row));

    /// <summary>Of an update the one that writes only what has changed: each value that is sent costs both sides as much as reading it.</summary>
    /// <param name="before">What <see cref="Read"/> read when the row was held.</param>
    /// <param name="values">What it reads now.</param>
    /// <returns>Null where nothing has changed.</returns>
    public RowStatement? Narrow(object?[] before, object?[] values)
    {
        var changed = 0UL;
        for (var i = 0; i < values.Length; i++)
        {
            changed |= Equals(before[i], values[i]) ? 0 : 1UL << i;
        }

        return changed == 0 ? null : narrower.GetOrAdd(changed, static (changed, whole) => whole.Narrow(changed), this);
    }

    /// <summary>Adds values to a statement as its parameters.</summary>
    /// <param name="values">What <see cref="Read"/> read.</param>
    /// <param name="maker">Any command on the same connection: it makes them.</param>
    /// <param name="parameters">Where to.</param>
    /// <param name="positional">Whether places are told by their order alone.</param>
    public void Bind(object?[] values, DbCommand maker, DbParameterCollection parameters, bool positional)
    {
        for (var i = 0; i < places.Length; i++)
        {
            var column = places[i];
            parameters.Add(mappings[column].CreateParameter(maker, positional ? "" : $"${i + 1}", values[column]));
        }
    }

    private RowStatement Narrow(ulong changed)
    {
        var others = columns.Length - type.FindPrimaryKey()!.Properties.Count;
        return Update(type, columns, [.. places.Where(column => column >= others || (changed & (1UL << column)) != 0)]);
    }

    private static RowStatement Update(IEntityType type, IProperty[] columns, int[] places)
    {
        var assignments = Assignments(columns, places);
        var others = places.Length - type.FindPrimaryKey()!.Properties.Count;
        return new RowStatement(
            $"UPDATE {type.GetTableName()} SET {string.Join(", ", assignments.Take(others))} WHERE {string.Join(" AND ", assignments.Skip(others))}", type, columns, places);
    }

    private static int[] Places(IProperty[] columns) => [.. Enumerable.Range(0, columns.Length)];

    private static List<string> Assignments(IProperty[] columns, int[] places) =>
        [.. places.Select((column, index) => $"{columns[column].GetColumnName()} = ${index + 1}")];
}

/// <summary>The statements of one instance of the service, each made once.</summary>
internal sealed class RowStatements
{
    private readonly ConcurrentDictionary<Type, RowStatement> inserts = new();
    private readonly ConcurrentDictionary<Type, RowStatement> updates = new();

    private readonly ConcurrentDictionary<Type, RowStatement> deletes = new();

    public RowStatement Insert(PhoneAuthContext context, Type type) =>
        inserts.GetOrAdd(type, static (type, context) => RowStatement.Insert(context.Model.FindEntityType(type)!), context);

    public RowStatement Update(PhoneAuthContext context, Type type) =>
        updates.GetOrAdd(type, static (type, context) => RowStatement.Update(context.Model.FindEntityType(type)!), context);

    public RowStatement Delete(PhoneAuthContext context, Type type) =>
        deletes.GetOrAdd(type, static (type, context) => RowStatement.Delete(context.Model.FindEntityType(type)!), context);
}
