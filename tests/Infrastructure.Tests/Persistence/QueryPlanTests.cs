using System.Collections.Concurrent;
using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using PhoneAuth.Application.Profiles;
using PhoneAuth.Application.Sessions;
using PhoneAuth.Domain.Addresses;
using PhoneAuth.Domain.Sessions;
using PhoneAuth.Domain.Users;
using PhoneAuth.Domain.VerificationCodes;
using PhoneAuth.Infrastructure.Persistence;
using PhoneAuth.Infrastructure.Tests.Harness;
using PhoneAuth.Testing;

namespace PhoneAuth.Infrastructure.Tests.Persistence;

/// <summary>
/// Every statement that serves a request is explained by the database that runs it, on tables with enough rows for an index to be the better way.
/// Left out is what serves none: the purge, which walks whole tables by design, and the handfuls of signing keys and leases.
/// </summary>
[OnBothDatabases]
[Parallelizable(ParallelScope.Self)]
internal sealed class QueryPlanTests(DatabaseKind kind)
{
    private const int Rows = 2000;

    /// <summary>What SQLite calls a parameter that is a list, and no table of ours.</summary>
    private const string ListOfParameters = " VIRTUAL TABLE ";

    [Test]
    public async Task Every_statement_that_serves_a_request_goes_by_an_index()
    {
        var plans = new Plans();
        await using var store = await Store.CreateAsync(kind, services => services
            .ConfigureDbContext<SqliteContext>(options => options.AddInterceptors(plans))
            .ConfigureDbContext<PostgreSqlContext>(options => options.AddInterceptors(plans)));
        var (user, owner, session) = await FillAsync(store);
        plans.Begin();
        await RunAllAsync(store, user, owner, session);
        await ExplainRowsAsync(store, plans, VerificationCode.Begin(user.PhoneNumber), AddressUsage.Begin("10.0.0.1", store.Clock.Now), session);

        Assert.That(plans.Statements.Count, Is.GreaterThanOrEqualTo(15), string.Join('\n', plans.Statements.Keys));
        Assert.Multiple(() =>
        {
            foreach (var (statement, plan) in plans.Statements)
            {
                Assert.That(Scans(plan), Is.Empty, $"{statement}\n{plan}");
            }
        });
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task A_table_that_is_taken_for_small_is_not_read_whole(bool isOpenedAtOnce)
    {
        await using var store = await Store.CreateAsync(kind);
        await using var work = store.Begin();
        if (isOpenedAtOnce)
        {
            work.Context.Database.OpenConnection();
        }

        // Nobody has looked at the table since it was made.
        var plan = kind == DatabaseKind.PostgreSql
            ? await work.Context.Database.SqlQueryRaw<string>("EXPLAIN SELECT * FROM verification_codes WHERE phone_number = ANY (ARRAY['1', '2', '3', '4', '5', '6', '7', '8', '9', '10'])").ToListAsync()
            : [];
        Assert.That(plan, Has.None.Contains("Seq Scan"));

        // What must be read whole counts as very expensive, and is not to be compiled for it.
        var jit = kind == DatabaseKind.PostgreSql ? await work.Context.Database.SqlQueryRaw<string>("SHOW jit").ToListAsync() : ["off"];
        Assert.That(jit, Is.EqualTo(new[] { "off" }));
    }

    /// <summary>The lines of a plan that read a table, or an index, from its beginning to its end: an index is of use only where a condition says where to begin.</summary>
    private IEnumerable<string> Scans(string plan)
    {
        var lines = plan.Split('\n');
        return kind == DatabaseKind.PostgreSql
            ? lines.Where((line, at) => line.Contains("Seq Scan", StringComparison.Ordinal)
                || (line.Contains("Index", StringComparison.Ordinal) && line.Contains(" Scan", StringComparison.Ordinal)
                    && !lines.ElementAtOrDefault(at + 1)!.Contains("Index Cond", StringComparison.Ordinal)))
            : lines.Where(line => line.StartsWith("SCAN ", StringComparison.Ordinal) && !line.Contains("CONSTANT ROW", StringComparison.Ordinal)
                && !line.Contains(ListOfParameters, StringComparison.Ordinal));
    }

    private static async Task<(User User, User Owner, Session Session)> FillAsync(Store store)
    {
        User[] users = [.. Enumerable.Range(0, Rows).Select(_ => store.NewUser())];
        var (user, owner) = (users[Rows / 2], users[Rows / 3]);
        foreach (var invited in users.Take(Rows / 10))
        {
            invited.ActivateInviteCode(owner.InviteCode, owner, store.Clock.Now.AddSeconds(invited.GetHashCode() % 1000));
        }

        Session[] sessions = [.. users.Select(store.NewSession)];
        await using var context = store.Database.Open();
        context.AddRange(users);
        context.AddRange(sessions);
        context.AddRange(users.Select(of => VerificationCode.Begin(of.PhoneNumber)));
        context.AddRange(users.Select((_, i) => AddressUsage.Begin($"10.0.{i / 256}.{i % 256}", store.Clock.Now)));
        context.AddRange(users.Select((_, i) => new SpentActivation([.. BitConverter.GetBytes(i), .. new byte[28]])));
        await context.SaveChangesAsync();
        await context.Database.ExecuteSqlRawAsync(store.Database.Kind == DatabaseKind.PostgreSql ? "VACUUM ANALYZE" : "ANALYZE");
        return (user, owner, sessions[Rows / 2]);
    }

    private static async Task RunAllAsync(Store store, User user, User owner, Session session)
    {
        await using (var work = store.Begin())
        {
            await work.Codes.LockAsync(user.PhoneNumber, default);
            await work.Codes.FindAsync(user.PhoneNumber, default);
            await work.Users.FindAsync(user.PhoneNumber, default);
            await work.Users.HasSpentActivationAsync([new byte[32], [.. BitConverter.GetBytes(7), .. new byte[28]]], default);
            await work.Users.LockAsync(user.Id, default);
            await work.Users.LockWithOwnerAsync(user.Id, owner.InviteCode, default);
            await work.Users.LockWithInviterAsync(user.Id, default);
            await work.Sessions.LockAsync(session.Id, default);
            await work.Sessions.EndAllAsync(user.Id, session.Id, default);
        }

        await using (var work = store.Begin())
        {
            await work.SaveAsync(work.Codes.HoldForSend(user.PhoneNumber, "10.0.0.1"), _ => { });
            await work.SaveAsync(work.Codes.HoldForSignIn(user.PhoneNumber, [new byte[32]], "10.0.0.1"), _ => { });
            await work.SaveAsync(work.Sessions.HoldWithUser(session.Id), _ => { });
        }

        await using (var work = store.Begin())
        {
            // What many hold together.
            var (queries, ids) = (store.Resolve<CompiledQueries>(), Lists.Lengthen([session.Id]));
            await work.Get<UnitOfWork>().BeginAsync(default);
            await queries.HeldCodes(work.Context, [user.PhoneNumber, owner.PhoneNumber]).ToListAsync();
            await queries.HeldCodesWithUsers(work.Context, [user.PhoneNumber, owner.PhoneNumber], [new byte[32]]).ToListAsync();
            await queries.HeldAddresses(work.Context, ["10.0.0.1", "10.0.0.2"]).ToListAsync();
            await queries.HeldSessionsWithUsers(work.Context, ids).ToListAsync();
            await queries.LiveSessions(work.Context, ids).ToListAsync();
        }

        await using (var work = store.Begin())
        {
            await work.Get<ISessionReader>().ListAsync(user.Id, store.Clock.Now, default);
            await work.Get<ISessionReader>().IsLiveAsync(session.Id, user.Id, store.Clock.Now);
            var profiles = work.Get<IProfileReader>();
            await profiles.FindAsync(owner.Id, default);
            await profiles.FindAsync(user.Id, session.Id, store.Clock.Now, default);
            var first = await profiles.ListInvitedAsync(owner.Id, null, 100, default);
            await profiles.ListInvitedAsync(owner.Id, InvitedUsersCursor.Parse(first.Next), 100, default);
        }

        await using (var work = store.Begin())
        {
            (await work.Codes.LockAsync(user.PhoneNumber, default))!.Issue(new byte[32], store.Clock.Now, new VerificationPolicy());
            (await work.Users.LockAsync(user.Id, default))!.Block(store.Clock.Now);
            work.Sessions.Remove((await work.Sessions.LockAsync(session.Id, default))!);
            await work.SaveAsync();
        }
    }

    /// <summary>Rows that are held are written past EF and its interceptors.</summary>
    private static async Task ExplainRowsAsync(Store store, Plans plans, params object[] rows)
    {
        await using var context = store.Database.Open();
        await context.Database.OpenConnectionAsync();
        foreach (var row in rows)
        {
            var update = RowStatement.Update(context.Model.FindEntityType(row.GetType())!);
            await using var command = context.Database.GetDbConnection().CreateCommand();
            command.CommandText = update.Text;
            update.Bind(update.Read(row), command, command.Parameters, positional: command is NpgsqlCommand);
            await plans.ExplainAsync(command);
        }
    }

    /// <summary>Has every statement explained, on its own connection and with its own values, just before it runs.</summary>
    private sealed class Plans : DbCommandInterceptor
    {
        private bool begun;

        public ConcurrentDictionary<string, string> Statements { get; } = new(StringComparer.Ordinal);

        public void Begin() => begun = true;

        public override async ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
            DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
        {
            await ExplainAsync(command);
            return result;
        }

        public override async ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
            DbCommand command, CommandEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
        {
            await ExplainAsync(command);
            return result;
        }

        public async Task ExplainAsync(DbCommand command)
        {
            foreach (var statement in begun ? command.CommandText.Split(";\n", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) : [])
            {
                if (!statement.StartsWith("INSERT", StringComparison.Ordinal) && !statement.StartsWith("COMMIT", StringComparison.Ordinal) && !statement.StartsWith("PRAGMA", StringComparison.Ordinal))
                {
                    Statements[statement] = await PlanAsync(command, statement);
                }
            }
        }

        private static async Task<string> PlanAsync(DbCommand command, string statement)
        {
            await using var explain = command.Connection!.CreateCommand();
            explain.Transaction = command.Transaction;
            explain.CommandText = (command is NpgsqlCommand ? "EXPLAIN " : "EXPLAIN QUERY PLAN ") + statement;
            foreach (var parameter in command.Parameters.Cast<DbParameter>().Where(parameter => statement.Contains(parameter.ParameterName, StringComparison.Ordinal)))
            {
                var copy = parameter is ICloneable original ? (DbParameter)original.Clone() : explain.CreateParameter();
                (copy.ParameterName, copy.Value) = (parameter.ParameterName, parameter.Value);
                explain.Parameters.Add(copy);
            }

            var lines = new List<string>();
            await using var reader = await explain.ExecuteReaderAsync();
            while (await reader.ReadAsync())
            {
                lines.Add(reader.GetString(reader.FieldCount - 1));
            }

            return string.Join('\n', lines);
        }
    }
}
