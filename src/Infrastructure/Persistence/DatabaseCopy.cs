using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace PhoneAuth.Infrastructure.Persistence;

/// <summary>What became of a copy.</summary>
/// <param name="Refusal">Why nothing, or not everything, could be copied: one line; null where all was.</param>
/// <param name="Tables">How many tables there are.</param>
/// <param name="Copied">How many rows were written.</param>
/// <param name="Found">How many rows an earlier copy had written.</param>
public sealed record CopyReport(string? Refusal, int Tables = 0, long Copied = 0, long Found = 0);

/// <summary>
/// Copies every table of one database into another, of either kind. A batch is a transaction, and a row that is there already is left: a copy
/// that was broken off goes on where it ended. What the target holds must be the source's, before and after, row by row.
/// </summary>
public static class DatabaseCopy
{
    /// <summary>Copies.</summary>
    /// <param name="from">The connection string of the database that is read, in one snapshot.</param>
    /// <param name="to">The connection string of the database that is written; its schema is made, or brought up to date.</param>
    /// <param name="folder">Where relative paths of SQLite files begin.</param>
    /// <param name="cancellationToken">Ends it between two batches.</param>
    public static async Task<CopyReport> RunAsync(string from, string to, string folder, CancellationToken cancellationToken)
    {
        await using var sources = Open(from, folder);
        await using var targets = Open(to, folder);
        await using var sourceScope = sources.CreateAsyncScope();
        await using var targetScope = targets.CreateAsyncScope();
        var source = sourceScope.ServiceProvider.GetRequiredService<PhoneAuthContext>();
        var target = targetScope.ServiceProvider.GetRequiredService<PhoneAuthContext>();

        // Asked before anything is opened: opening an SQLite file that is not there makes one.
        if (!await ExistsAsync(source, cancellationToken) || !await source.HasSchemaAsync(cancellationToken))
        {
            return new CopyReport("There is nothing to copy: the source is not a PhoneAuth database.");
        }

        if ((await source.Database.GetPendingMigrationsAsync(cancellationToken)).Any())
        {
            return new CopyReport("The source's schema is older than this version: run migrate on it first.");
        }

        if (await ExistsAsync(target, cancellationToken) && !await target.HasSchemaAsync(cancellationToken)
            && await target.GetService<IRelationalDatabaseCreator>().HasTablesAsync(cancellationToken))
        {
            return new CopyReport("The target holds something else: copy into an empty database.");
        }

        await targets.GetRequiredService<DatabaseMigrator>().MigrateAsync(cancellationToken);
        await source.BeginSnapshotAsync(cancellationToken);
        return await CopyAsync(source, target, cancellationToken);
    }

    /// <summary>The model's tables, each after those that it refers to.</summary>
    internal static IReadOnlyList<IEntityType> InOrder(IModel model)
    {
        var rest = model.GetEntityTypes().OrderBy(entity => entity.GetTableName(), StringComparer.Ordinal).ToList();
        var order = new List<IEntityType>(rest.Count);
        while (rest.Count > 0)
        {
            var next = rest.First(entity => entity.GetForeignKeys().All(key => key.PrincipalEntityType == entity || order.Contains(key.PrincipalEntityType)));
            rest.Remove(next);
            order.Add(next);
        }

        return order;
    }

    private static async Task<CopyReport> CopyAsync(PhoneAuthContext source, PhoneAuthContext target, CancellationToken cancellationToken)
    {
        var tables = InOrder(target.Model).Select(entity => TableCopy.Of(entity, source, target)).ToList();
        foreach (var table in tables)
        {
            if (!await table.TargetIsPartOfSourceAsync(cancellationToken))
            {
                return new CopyReport($"The target has rows in {table.Name} that are not the source's: copy into an empty database.");
            }
        }

        long copied = 0, found = 0;
        foreach (var table in tables)
        {
            var (written, there) = await table.CopyAsync(cancellationToken);
            (copied, found) = (copied + written, found + there);
        }

        foreach (var table in tables)
        {
            if (!await table.SourceIsAllOfTargetAsync(cancellationToken))
            {
                return new CopyReport($"The target's {table.Name} is not what was copied: somebody else writes there. Stop that and run this again.");
            }
        }

        return new CopyReport(null, tables.Count, copied, found);
    }

    private static ServiceProvider Open(string connection, string folder) =>
        new ServiceCollection().AddLogging().AddDatabase(new ConnectionOptions { Database = connection }, folder).BuildServiceProvider();

    private static Task<bool> ExistsAsync(PhoneAuthContext context, CancellationToken cancellationToken) =>
        context.GetService<IRelationalDatabaseCreator>().ExistsAsync(cancellationToken);
}
