using System.Globalization;
using PhoneAuth.LoadGenerator.Flows;
using PhoneAuth.LoadGenerator.Machines;

namespace PhoneAuth.LoadGenerator;

/// <summary>Measures the service and its limits, round by round, each scenario next to the limit it is compared with.</summary>
internal sealed partial class Bench(Options options, Postgres postgres) : IDisposable
{
    public const string LimitOfSignIn = "L1 sign-in in SQL";
    public const string LimitOfHttp = "L2 hello";
    public const string LimitOfRead = "L3 read in SQL";
    public const string LimitOfUpdate = "L4 update in SQL";
    public const string SignIn = "sign-in";
    public const string Repeat = "repeat sign-in";
    public const string Profile = "profile read";
    public const string Refresh = "refresh";
    public const string Right = "right guess";
    public const string Wrong = "wrong guess";
    public const string Activate = "activation of one code";
    public const string LimitOfSqlite = "L5 sign-in in a bare SQLite loop";
    public const string OnSqlite = "on SQLite: sign-in";
    public const string Limited = "sign-in, address limits and brake on";

    public const string ByConcurrency = " by concurrency";

    /// <summary>Stands among the calls of a flow for all of it.</summary>
    public const string WholeFlow = "(flow)";

    private const string Database = "phoneauth";
    private const string SignInScript = "sign-in.sql";
    private const string ReadScript = "read.sql";
    private const string UpdateScript = "update.sql";
    private const int Accounts = 2_000;
    private const int GuessesPerCode = 4;
    private const int Starts = 9;
    private static readonly Dictionary<string, Latency> NoCalls = [];
    private static readonly int[] Concurrencies = [1, 2, 4, 8, 16, 32, 64, 128];

    private readonly Numbers numbers = new() { Seeded = options.Users };
    private readonly Random chance = new(7);
    private readonly List<Measurement> measurements = [];
    private readonly List<StartUp> startUps = [];
    private readonly List<Leavings> leavings = [];
    private Server? service;
    private Server? hello;

    public IReadOnlyList<Measurement> Measurements => measurements;

    public IReadOnlyList<StartUp> StartUps => startUps;

    public IReadOnlyList<Leavings> Leavings => leavings;

    private SqliteFile OwnFile => new(Path.Combine(options["folder"], "bench.db"));

    private Server Running => service ??= Service.Start(options, postgres.ConnectionString(Database));

    public void Run()
    {
        Prepare();
        var closed = new LoadPlan(0, options.Clients, TimeSpan.FromSeconds(options.Seconds), TimeSpan.FromSeconds(options.Quick ? 1 : 3));
        for (var round = 1; round <= options.Rounds; round++)
        {
            Limit(LimitOfSignIn, round, SignInScript);
            Load(SignIn, round, closed, _ => new SignInFlow(numbers, fresh: true, Depth.Profile));
            Load(Repeat, round, closed, _ => new SignInFlow(numbers, fresh: false, Depth.Profile));
            Hello(round, closed);
            Limit(LimitOfRead, round, ReadScript);
            LoadProfiles(round, closed);
            Limit(LimitOfUpdate, round, UpdateScript);
            LoadRefreshes(round, closed);
            LoadGuesses(Right, round, closed, 1, prepared => new VerifyFlow(prepared));
            LoadGuesses(Wrong, round, closed, GuessesPerCode, prepared => new WrongGuessFlow(prepared));
            LoadActivations(round, closed);
            LoadLimited(round, closed);
            LoadOnSqlite(round, closed);
        }

        LoadAtHalfRate(closed);
        LoadByConcurrency(closed);
        Grow(closed);
        StartAgainAndAgain();
    }

    public void Dispose()
    {
        service?.Dispose();
        hello?.Dispose();
    }

    /// <summary>A database with users in it: the service makes the schema.</summary>
    private void Prepare()
    {
        postgres.Create(Database);
        _ = Running;
        Seed.Users(postgres, Database, options.Users, 0);
        WarmUp(Running);
    }

    /// <summary>Until the runtime has compiled what is hot: a service runs for weeks, and its first seconds are measured as its start-up.</summary>
    private void WarmUp(Server server)
    {
        var plan = new LoadPlan(server.Port, options.Clients, TimeSpan.FromSeconds(options.Quick ? 10 : 30), TimeSpan.Zero);
        _ = new Load(plan, _ => new SignInFlow(numbers, fresh: true, Depth.Profile)).Run();
    }

    private void Limit(string scenario, int round, string script, double? rate = null)
    {
        if (!options.Wants(scenario))
        {
            return;
        }

        var file = Path.Combine(options["sql"], script);
        postgres.Bench(Database, file, options.Clients, 1, null, $"users={options.Users}");
        var (cpu, wal) = (Processes.CpuWithChildren(postgres.ProcessId), postgres.WalPosition());
        var (perSecond, clientCpu, times) = postgres.Bench(Database, file, options.Clients, options.Seconds, rate, $"users={options.Users}");
        var count = perSecond * options.Seconds;
        Report(new Measurement(
            scenario, round, options.Clients, rate, perSecond, 0, Micro(Processes.CpuWithChildren(postgres.ProcessId) - cpu, count), Micro(clientCpu, count),
            (postgres.WalPosition() - wal) / count, 0, 0, rate is null ? NoCalls : new Dictionary<string, Latency>(StringComparer.Ordinal) { [WholeFlow] = Latency.Of(times) }));
    }

    private void Load(string scenario, int round, LoadPlan plan, Func<int, Flow> flows, Server? server = null)
    {
        if (!options.Wants(scenario))
        {
            return;
        }

        server ??= Running;
        using var memory = new MemoryWatch(server.ProcessId);
        var (serverCpu, databaseCpu, clientCpu, wal) = (0d, 0d, 0d, 0d);
        var result = new Load(plan with { Port = server.Port }, flows).Run(() =>
        {
            wal = plan.Rate is null ? postgres.WalPosition() : 0;
            (serverCpu, databaseCpu, clientCpu) = Cpu(server);
            memory.Begin();
        });
        var (serverNow, databaseNow, clientNow) = Cpu(server);
        var (megabytes, mostMegabytes) = memory.End();
        wal = plan.Rate is null ? postgres.WalPosition() - wal : 0;
        Report(new Measurement(
            scenario,
            round,
            plan.Clients,
            plan.Rate,
            result.Flows / result.Seconds,
            Micro(serverNow - serverCpu, result.Flows),
            Micro(databaseNow - databaseCpu, result.Flows),
            Micro(clientNow - clientCpu, result.Flows),
            wal / Math.Max(1, result.Flows),
            megabytes,
            mostMegabytes,
            result.CallTimes.Append(KeyValuePair.Create(WholeFlow, result.FlowTimes)).ToDictionary(call => call.Key, call => Latency.Of(call.Value), StringComparer.Ordinal)));
    }

    private (double Server, double Database, double Client) Cpu(Server server) =>
        (Processes.Cpu(server.ProcessId), Processes.CpuWithChildren(postgres.ProcessId), Processes.Cpu(Environment.ProcessId));

    private void Hello(int round, LoadPlan plan)
    {
        if (options.Wants(LimitOfHttp))
        {
            hello ??= Server.Start(options["hello"], "/", Path.Combine(options["folder"], "hello.log"), []);
            Load(LimitOfHttp, round, plan, _ => new HelloFlow(), hello);
        }
    }

    private void LoadProfiles(int round, LoadPlan plan)
    {
        if (options.Wants(Profile))
        {
            var accounts = SignInMany(Accounts, fresh: false, Depth.Tokens).ToList();
            Load(Profile, round, plan, _ => new ReadFlow(accounts, chance));
        }
    }

    private void LoadRefreshes(int round, LoadPlan plan)
    {
        if (options.Wants(Refresh))
        {
            var own = SignInMany(Math.Max(Accounts, plan.Clients * 10), fresh: false, Depth.Tokens).Chunk(Math.Max(Accounts, plan.Clients * 10) / plan.Clients).ToArray();
            Load(Refresh, round, plan, client => new RefreshFlow(new Queue<Account>(own[client])));
        }
    }

    private void LoadGuesses(string scenario, int round, LoadPlan plan, int perCode, Func<Queue<Account>, Flow> flow)
    {
        if (options.Wants(scenario))
        {
            var codes = SignInMany(Enough(scenario, 1500, plan) / perCode, fresh: true, Depth.Code).ToList();
            var prepared = new Queue<Account>(Enumerable.Repeat(codes, perCode).SelectMany(all => all));
            Load(scenario, round, plan, _ => flow(prepared));
        }
    }

    private void LoadActivations(int round, LoadPlan plan)
    {
        if (options.Wants(Activate))
        {
            var accounts = SignInMany(Enough(Activate, 800, plan) + 1, fresh: true, Depth.Tokens);
            var inviter = accounts.Dequeue();
            Load(Activate, round, plan, _ => new ActivateFlow(accounts, inviter.InviteCode));
        }
    }

    /// <summary>What the limits of an address and the brake cost: the same sign-in where every client has an address of its own and none meets its limit.</summary>
    private void LoadLimited(int round, LoadPlan plan)
    {
        if (options.Wants(Limited))
        {
            using var limited = Service.Start(
                options,
                postgres.ConnectionString(Database),
                ("Sms__Brake", "Record"),
                ("RateLimits__SendCodePerHour", "20"), ("RateLimits__SendCodePerDay", "60"), ("RateLimits__VerifyCodePerMinute", "30"), ("RateLimits__FailedCodesPerDay", "30"));
            WarmUp(limited);
            Load(Limited, round, plan, _ => new SignInFlow(numbers, fresh: true, Depth.Profile), limited);
        }
    }

    /// <summary>The service on an SQLite file, and its statements alone on the same file.</summary>
    private void LoadOnSqlite(int round, LoadPlan plan)
    {
        if (!options.Wants(OnSqlite))
        {
            return;
        }

        using var file = OwnFile;
        using (var onFile = Service.Start(options, file.ConnectionString))
        {
            WarmUp(onFile);
            Load(OnSqlite, round, plan, _ => new SignInFlow(numbers, fresh: true, Depth.Profile), onFile);
        }

        var perSecond = file.Loop(plan.Duration);
        Report(new Measurement(LimitOfSqlite, round, 1, null, perSecond, 0, 0, 0, 0, 0, 0, NoCalls));
    }

    /// <summary>From the start of the process to its first answer that says it is ready, in turn with what ASP.NET Core takes by itself.</summary>
    private void StartAgainAndAgain()
    {
        if (!options.Wants("start"))
        {
            return;
        }

        using var file = OwnFile;
        Service.Start(options, file.ConnectionString).Dispose(); // makes the schema
        for (var i = 0; i < Starts; i++)
        {
            using (var bare = Server.Start(options["hello"], "/", Path.Combine(options["folder"], "hello.log"), []))
            {
                startUps.Add(new StartUp(StartUp.Hello, bare.StartUp.TotalMilliseconds));
            }

            using (var onSqlite = Service.Start(options, file.ConnectionString))
            {
                startUps.Add(new StartUp(StartUp.OnSqlite, onSqlite.StartUp.TotalMilliseconds));
            }

            using (var onPostgreSql = Service.Start(options, postgres.ConnectionString(Database)))
            {
                startUps.Add(new StartUp(StartUp.OnPostgreSql, onPostgreSql.StartUp.TotalMilliseconds));
            }
        }

        Console.WriteLine("start to first answer, ms: " + string.Join("; ", startUps.GroupBy(start => start.Of, start => start.Milliseconds, StringComparer.Ordinal)
            .Select(times => string.Create(CultureInfo.InvariantCulture, $"{times.Key} {Statistics.Median(times):0}"))));
    }

    private void LoadAtHalfRate(LoadPlan closed)
    {
        foreach (var scenario in new[] { LimitOfSignIn, LimitOfHttp, LimitOfRead, LimitOfUpdate, SignIn, Repeat, Profile, Refresh, Right, Wrong }.Where(name => options.Wants("half rate")))
        {
            if (measurements.Where(found => string.Equals(found.Scenario, scenario, StringComparison.Ordinal)).Select(found => found.PerSecond).ToList() is { Count: > 0 } peaks)
            {
                // More clients than ever wait at once, so that arrivals wait for nobody.
                var plan = closed with { Rate = Statistics.Median(peaks) / 2, Clients = 4 * options.Clients };
                AtRate(scenario, plan);
            }
        }
    }

    private void AtRate(string scenario, LoadPlan plan)
    {
        switch (scenario)
        {
            case LimitOfSignIn:
                Limit(scenario, 0, SignInScript, plan.Rate);
                break;
            case LimitOfHttp:
                Hello(0, plan);
                break;
            case LimitOfRead:
                Limit(scenario, 0, ReadScript, plan.Rate);
                break;
            case LimitOfUpdate:
                Limit(scenario, 0, UpdateScript, plan.Rate);
                break;
            case Profile:
                LoadProfiles(0, plan);
                break;
            case Refresh:
                LoadRefreshes(0, plan);
                break;
            case Right:
                LoadGuesses(Right, 0, plan, 1, prepared => new VerifyFlow(prepared));
                break;
            case Wrong:
                LoadGuesses(Wrong, 0, plan, GuessesPerCode, prepared => new WrongGuessFlow(prepared));
                break;
            default:
                Load(scenario, 0, plan, _ => new SignInFlow(numbers, scenario is SignIn, Depth.Profile));
                break;
        }
    }

    private void LoadByConcurrency(LoadPlan closed)
    {
        foreach (var clients in Concurrencies.Where(_ => options.Wants("concurrency")))
        {
            var plan = closed with { Clients = clients, Duration = closed.Duration / 3 };
            Load(SignIn + ByConcurrency, 0, plan, _ => new SignInFlow(numbers, fresh: true, Depth.Profile));
            var accounts = SignInMany(Accounts, fresh: false, Depth.Tokens).ToList();
            Load(Profile + ByConcurrency, 0, plan, _ => new ReadFlow(accounts, chance));
        }
    }

    /// <summary>How many of a prepared thing a measurement may need: a limit on time spent preparing, not on the load, which ends with them.</summary>
    private int Enough(string scenario, int perSecond, LoadPlan plan)
    {
        var fastest = measurements.Where(found => string.Equals(found.Scenario, scenario, StringComparison.Ordinal)).Select(found => found.PerSecond).DefaultIfEmpty(perSecond).Max();
        return (int)((plan.Rate ?? fastest * 1.2) * (plan.Duration + plan.WarmUp).TotalSeconds * 1.1);
    }

    private Queue<Account> SignInMany(int count, bool fresh, Depth depth) => SignInMany(Running, numbers, count, fresh, depth);

    private Queue<Account> SignInMany(Server server, Numbers from, int count, bool fresh, Depth depth)
    {
        var accounts = new Queue<Account>(count);
        var clients = Math.Min(options.Clients, count);
        new Load(
            new LoadPlan(server.Port, clients, TimeSpan.FromMinutes(5), TimeSpan.Zero),
            client => new SignInFlow(from, fresh, depth, (count / clients) + (client < count % clients ? 1 : 0), accounts.Enqueue)).Run();
        return accounts;
    }

    private void Report(Measurement measurement)
    {
        measurements.Add(measurement);
        Console.WriteLine(Statistics.Line(measurement));
    }

    private static double Micro(double seconds, double count) => count == 0 ? 0 : seconds * 1e6 / count;
}
