using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using PhoneAuth.Infrastructure.Persistence;

namespace PhoneAuth.Migrations;

/// <summary>Makes the contexts for the EF tool; no database is connected to.</summary>
internal sealed class PostgreSqlFactory : IDesignTimeDbContextFactory<PostgreSqlContext>
{
    public PostgreSqlContext CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<PostgreSqlContext>().UseNpgsql("Host=localhost").Options);
}

/// <inheritdoc cref="PostgreSqlFactory"/>
internal sealed class SqliteFactory : IDesignTimeDbContextFactory<SqliteContext>
{
    public SqliteContext CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<SqliteContext>().UseSqlite("Data Source=design.db").Options);
}
