using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using PhoneAuth.Infrastructure.Persistence;

namespace PhoneAuth.Infrastructure.Tests.Persistence;

public class DatabaseFaultsTests
{
    [Test]
    public void What_a_database_throws_is_its_fault_however_deep() => Assert.Multiple(() =>
    {
        Assert.That(DatabaseFaults.Caused(new NpgsqlException("away")), Is.True);
        Assert.That(DatabaseFaults.Caused(new SqliteException("locked", 5)), Is.True);
        Assert.That(DatabaseFaults.Caused(new DbUpdateException("failed", new PostgresException("full", "ERROR", "ERROR", "53100"))), Is.True);
        Assert.That(DatabaseFaults.Caused(new InvalidOperationException("transient", new NpgsqlException("timeout", new TimeoutException()))), Is.True);
        Assert.That(DatabaseFaults.Caused(new TimeoutException()), Is.True, "the pool has no connection left");
    });

    [Test]
    public void Anything_else_is_ours() => Assert.Multiple(() =>
    {
        Assert.That(DatabaseFaults.Caused(new InvalidOperationException()), Is.False);
        Assert.That(DatabaseFaults.Caused(new OperationCanceledException()), Is.False);
        Assert.That(DatabaseFaults.Caused(new IOException()), Is.False);
    });
}
