using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace PhoneAuth.Infrastructure.Persistence;

/// <summary>The rows that a unit of work writes by statements of their own: new ones, those that are held and have changed, and those that go.</summary>
internal sealed class PendingRows(PhoneAuthContext context, RowStatements statements)
{
    private readonly List<(object Row, RowStatement Statement, object?[]? Before)> rows = [];

    private readonly HashSet<object> adopted = new(ReferenceEqualityComparer.Instance);

    public bool Any => rows.Count > 0;

    public void Insert(object row) => rows.Add((row, statements.Insert(context, row.GetType()), null));

    /// <summary>Remembers a row as it was when it was read. It is to be held: what others write meanwhile would be overwritten.</summary>
    public void Hold(object row)
    {
        var statement = statements.Update(context, row.GetType());
        rows.Add((row, statement, statement.Read(row)));
    }

    /// <summary>The row is deleted instead of written.</summary>
    public void Delete(object row)
    {
        rows.RemoveAll(pending => ReferenceEquals(pending.Row, row));
        rows.Add((row, statements.Delete(context, row.GetType()), null));
    }

    /// <summary>Takes over what somebody else would write: of a row that both of them have, what it was before this one's.</summary>
    public void Adopt(PendingRows other)
    {
        foreach (var pending in other.rows)
        {
            if (adopted.Add(pending.Row))
            {
                rows.Add(pending);
            }
        }
    }

    public void Clear()
    {
        rows.Clear();
        adopted.Clear();
    }

    /// <summary>Writes what is new or has changed, and ends the transaction. Where the database takes many statements in one message, that is one round trip.</summary>
    public async Task WriteAsync(IDbContextTransaction transaction)
    {
        var connection = context.Database.GetDbConnection();
        if (connection.CanCreateBatch)
        {
            await WriteBatchAsync(connection, transaction.GetDbTransaction());
            return;
        }

        foreach (var (statement, values) in Changed())
        {
            await using var command = connection.CreateCommand();
            (command.CommandText, command.Transaction) = (statement.Text, transaction.GetDbTransaction());
            statement.Bind(values, command, command.Parameters, positional: false);
            await command.ExecuteNonQueryAsync(CancellationToken.None);
        }

        await transaction.CommitAsync(CancellationToken.None);
    }

    /// <summary>PostgreSQL leaves out what follows a statement that fails, the COMMIT too, so a lost race is rolled back as ever.</summary>
    private async Task WriteBatchAsync(DbConnection connection, DbTransaction transaction)
    {
        await using var maker = connection.CreateCommand();
        await using var batch = connection.CreateBatch();
        batch.Transaction = transaction;
        foreach (var (statement, values) in Changed())
        {
            var command = batch.CreateBatchCommand();
            command.CommandText = statement.Text;
            statement.Bind(values, maker, command.Parameters, positional: true);
            batch.BatchCommands.Add(command);
        }

        var commit = batch.CreateBatchCommand();
        commit.CommandText = "COMMIT";
        batch.BatchCommands.Add(commit);
        await batch.ExecuteNonQueryAsync(CancellationToken.None);
    }

    private IEnumerable<(RowStatement Statement, object?[] Values)> Changed()
    {
        foreach (var (row, statement, before) in rows)
        {
            var values = statement.Read(row);
            if ((before is null ? statement : statement.Narrow(before, values)) is { } written)
            {
                yield return (written, values);
            }
        }
    }
}
