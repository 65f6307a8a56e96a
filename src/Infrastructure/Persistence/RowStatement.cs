using System.Collections.Concurrent;
using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage;

namespace PhoneAuth.Infrastructure.Persistence;

/// <summary>
/// A statement that writes one whole row: a new one, or one that is held and changes or goes. What every sign-in and refresh writes goes this way, because what EF finds
/// out before it writes (what has changed, in which order, in which words) is known beforehand. The words are made from the model, so a new
/// column is in them by itself; the places in them (<c>$1</c>) are understood by both databases.
/// </summary>
internal sealed class RowStatement
{
    private readonly IClrPropertyGetter[] getters;
    private readonly RelationalTypeMapping[] mappings;

    private RowStatement(string text, IReadOnlyCollection<IProperty> properties)
    {
        Text = text;
        getters = [.. properties.Select(property => property.GetGetter())];
        mappings = [.. properties.Select(property => property.GetRelationalTypeMapping())];
    }

    public string Text { get; }

    public static RowStatement Insert(IEntityType type)
    {
        var properties = type.GetProperties().ToList();
        var columns = string.Join(", ", properties.Select(property => property.GetColumnName()));
        var places = string.Join(", ", properties.Select((_, index) => $"${index + 1}"));
        return new RowStatement($"INSERT INTO {type.GetTableName()} ({columns}) VALUES ({places})", properties);
    }

    /// <summary>The row that has the same key.</summary>
    public static RowStatement Update(IEntityType type)
    {
        var key = type.FindPrimaryKey()!.Properties;
        List<IProperty> properties = [.. type.GetProperties().Except(key), .. key];
        var assignments = properties.Select((property, index) => $"{property.GetColumnName()} = ${index + 1}").ToList();
        var others = properties.Count - key.Count;
        return new RowStatement(
            $"UPDATE {type.GetTableName()} SET {string.Join(", ", assignments.Take(others))} WHERE {string.Join(" AND ", assignments.Skip(others))}", properties);
    }

    /// <summary>The row that has the same key goes.</summary>
    public static RowStatement Delete(IEntityType type)
    {
        var key = type.FindPrimaryKey()!.Properties;
        return new RowStatement(
            $"DELETE FROM {type.GetTableName()} WHERE {string.Join(" AND ", key.Select((property, index) => $"{property.GetColumnName()} = ${index + 1}"))}", key);
    }

    /// <summary>The row's values, in the order of their places.</summary>
    public object?[] Read(object row) => Array.ConvertAll(getters, getter => getter.GetClrValue(row));

    /// <summary>Adds values to a statement as its parameters.</summary>
    /// <param name="values">What <see cref="Read"/> read.</param>
    /// <param name="maker">Any command on the same connection: it makes them.</param>
    /// <param name="parameters">Where to.</param>
    /// <param name="positional">Whether places are told by their order alone.</param>
    public void Bind(object?[] values, DbCommand maker, DbParameterCollection parameters, bool positional)
    {
        for (var i = 0; i < values.Length; i++)
        {
            parameters.Add(mappings[i].CreateParameter(maker, positional ? "" : $"${i + 1}", values[i]));
        }
    }
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
