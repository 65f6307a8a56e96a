using System.Diagnostics;
using System.Globalization;
using PhoneAuth.LoadGenerator.Flows;
using PhoneAuth.LoadGenerator.Machines;

namespace PhoneAuth.LoadGenerator;

/// <content>The same calls, by few clients, with ever more users in the database; and what sign-ins leave behind where there are most.</content>
internal sealed partial class Bench
{
    public const string Among = " among ";

    private const int GrowthClients = 8;
    private const int MostInvited = 1_000_000;
    private const int Activations = 5_000;
    private const int CodesOfADay = 1_000_000;

    /// <summary>Sign-ins of fifteen minutes where there are a million a day; between two checkpoints of PostgreSQL as it is set up here.</summary>
    private const int BetweenCheckpoints = 1_000_000 / 24 / 4;

    private static readonly string[] LeftIn = ["sessions", "sms_receipts", "users", "verification_codes"];

    private void Grow(LoadPlan closed)
    {
        foreach (var users in options.Growth)
        {
            var (name, grown) = ($"phoneauth_{users}", new Numbers { Seeded = users });
            postgres.Create(name);
            Service.Start(options, postgres.ConnectionString(name)).Dispose(); // makes the schema
            Seed.Users(postgres, name, users, Math.Min(users - 1, MostInvited));
            GrowTo(users, closed with { Clients = GrowthClients }, name, grown);
            if (users == options.Growth.Max())
            {
                Leave(name, SignIn, fresh: true, grown);
                Leave(name, Repeat, fresh: false, grown);
            }

            postgres.Drop(name);
        }
    }

    private void GrowTo(long users, LoadPlan plan, string database, Numbers grown)
    {
        using var server = Service.Start(options, postgres.ConnectionString(database));
        void Measure(string scenario, Func<int, Flow> flows) =>
            Load(string.Create(CultureInfo.InvariantCulture, $"{scenario}{Among}{users} users"), 0, plan, flows, server);

        var inviter = SignInMany(server, grown, 1, fresh: false, Depth.Tokens).Single(); // the first of all
        _ = new Load(plan with { Port = server.Port, Duration = 2 * plan.Duration }, _ => new SignInFlow(grown, fresh: false, Depth.Profile)).Run();
        var accounts = SignInMany(server, grown, Accounts, fresh: false, Depth.Tokens).ToList();
        Measure(SignIn, _ => new SignInFlow(grown, fresh: true, Depth.Profile));
        Measure(Repeat, _ => new SignInFlow(grown, fresh: false, Depth.Profile));
        Measure(Profile, _ => new ReadFlow(accounts, chance));
        Measure("profile of one who invited most", _ => new ReadFlow([inviter], chance));
        Measure("page of whom one invited", _ => new ReadFlow([inviter], chance, "/invited-users?limit=100"));
        var invited = SignInMany(server, grown, Activations, fresh: true, Depth.Tokens);
        Measure(Activate, _ => new ActivateFlow(invited, inviter.InviteCode));
        var own = accounts.Chunk(Accounts / GrowthClients).ToArray();
        Measure(Refresh, client => new RefreshFlow(new Queue<Account>(own[client])));
    }

    /// <summary>
    /// What so many sign-ins leave in the database, from one checkpoint to the next, and what it takes to clear up behind them. Numbers whose codes are
    /// a day old at most stand beside them, as they would.
    /// </summary>
    private void Leave(string database, string scenario, bool fresh, Numbers from)
    {
        foreach (var table in LeftIn)
        {
            postgres.Query(database, $"ALTER TABLE {table} SET (autovacuum_enabled = off)");
        }

        Seed.Codes(postgres, database, CodesOfADay);
        var before = Tables(database);
        postgres.Query(database, "CHECKPOINT");
        var wal = postgres.WalPosition();
        using (var server = Service.Start(options, postgres.ConnectionString(database)))
        {
            SignInMany(server, from, BetweenCheckpoints, fresh, Depth.Tokens);
        }

        wal = postgres.WalPosition() - wal;
        var tables = Tables(database).Select(after => after - before.Single(table => string.Equals(table.Name, after.Name, StringComparison.Ordinal))).ToList();
        var (clearing, cpu, began) = (postgres.WalPosition(), Processes.CpuWithChildren(postgres.ProcessId), Stopwatch.GetTimestamp());
        foreach (var table in LeftIn)
        {
            postgres.Query(database, "VACUUM " + table);
        }

        leavings.Add(new Leavings(
            scenario, BetweenCheckpoints, wal, tables, Stopwatch.GetElapsedTime(began).TotalSeconds, Processes.CpuWithChildren(postgres.ProcessId) - cpu, postgres.WalPosition() - clearing));
        Console.WriteLine(Statistics.Line(leavings[^1]));
    }

    private List<TableState> Tables(string database) => postgres.Query(
            database,
            "SELECT relname, pg_table_size(relid), pg_indexes_size(relid), n_live_tup, n_dead_tup, n_tup_upd, n_tup_hot_upd FROM pg_stat_user_tables "
            + $"WHERE relname IN ('{string.Join("', '", LeftIn)}') ORDER BY relname")
        .Split('\n')
        .Select(line => line.Split('|'))
        .Select(cells => new TableState(cells[0], Number(cells[1]), Number(cells[2]), Number(cells[3]), Number(cells[4]), Number(cells[5]), Number(cells[6])))
        .ToList();

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
