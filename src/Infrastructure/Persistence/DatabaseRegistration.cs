using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace PhoneAuth.Infrastructure.Persistence;

/// <summary>Registers the database that a connection string names, and what brings its schema up to date.</summary>
internal static class DatabaseRegistration
{
    /// <param name="services">Where to.</param>
    /// <param name="connection">Which database; one that is neither kind registers none, and its validator says so.</param>
    /// <param name="folder">Where the relative path of an SQLite file begins.</param>
    public static IServiceCollection AddDatabase(this IServiceCollection services, ConnectionOptions connection, string folder)
    {
        if (connection.IsPostgreSql)
        {
            services.AddSingleton(_ => PostgreSqlConnections.CreateSource(connection.Database));
            services.AddDbContextPool<PhoneAuthContext, PostgreSqlContext>(
                (provider, options) => options.UseNpgsql(provider.GetRequiredService<NpgsqlDataSource>()).AddInterceptors(new Hold(), new CommitWithSave()));
        }
        else if (connection.IsSqlite)
        {
            var builder = new SqliteConnectionStringBuilder(connection.Database) { ForeignKeys = true };
            builder.DataSource = Path.Combine(folder, builder.DataSource);
            builder.DefaultTimeout = builder.ShouldSerialize(SqlitePragmas.WaitKeyword) ? builder.DefaultTimeout : SqlitePragmas.WaitSeconds;

            // A list is one parameter, or each length of it would be a statement of its own.
            services.AddDbContextPool<PhoneAuthContext, SqliteContext>(options => options
                .UseSqlite(builder.ConnectionString, sqlite => sqlite.UseParameterizedCollectionMode(ParameterTranslationMode.Parameter))
                .AddInterceptors(new SqlitePragmas()));
        }

        else
        {
            // The settings' check refuses to start; nobody comes so far as to ask for it.
            services.AddScoped<PhoneAuthContext>(_ => throw new InvalidOperationException("There is no database."));
        }

        return services.AddSingleton(provider => new DatabaseMigrator(
            provider.GetRequiredService<IServiceScopeFactory>(), provider.GetRequiredService<ILogger<DatabaseMigrator>>()));
    }
}
