using System.Globalization;
using PhoneAuth.LoadGenerator;
using PhoneAuth.LoadGenerator.Flows;
using PhoneAuth.LoadGenerator.Machines;
using PhoneAuth.LoadGenerator.Net;

var options = new Options(args);
switch (args.FirstOrDefault())
{
    case "prove":
        Prove(options);
        return 0;
    case "run":
        var postgres = new Postgres(
            options["postgres-programs"],
            int.Parse(options["postgres-port"], CultureInfo.InvariantCulture),
            options["postgres-user"],
            options["postgres-password"],
            int.Parse(options["postgres-process"], CultureInfo.InvariantCulture));
        using (var bench = new Bench(options, postgres))
        {
            bench.Run();
            if (!options.Quick)
            {
                Report.Write(options["root"], options, bench.Measurements, bench.StartUps, bench.Leavings);
            }
        }

        return 0;
    case "load":
        PutOn(options);
        return 0;
    default:
        await Console.Error.WriteLineAsync("run.sh starts this.");
        return 2;
}

// A load alone, on a service that runs already: to watch it with a profiler. A closed loop, or with --rate so many flows a second.
static void PutOn(Options options)
{
    var numbers = new Numbers { Seeded = options.Users };
    numbers.Skip(Random.Shared.Next(90_000_000));
    var plan = new LoadPlan(int.Parse(options["port"], CultureInfo.InvariantCulture), options.Clients, TimeSpan.FromSeconds(options.Seconds), TimeSpan.Zero);
    var accounts = new List<Account>();
    if (options["scenario"] is Bench.Profile or Bench.Refresh)
    {
        new Load(plan, client => new SignInFlow(numbers, fresh: true, Depth.Tokens, 20, accounts.Add)).Run();
    }

    var result = new Load(plan with { Rate = options.Rate }, client => options["scenario"] switch
    {
        Bench.Profile => new ReadFlow(accounts, Random.Shared),
        Bench.Refresh => new RefreshFlow(new Queue<Account>(accounts.Skip(client * 20).Take(20))),
        Bench.SignIn => new SignInFlow(numbers, fresh: true, Depth.Profile),
        Bench.LimitOfHttp => new HelloFlow(),
        var unknown => throw new ArgumentException($"No load is called {unknown}.", nameof(options)),
    }).Run();
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{options["scenario"]}: {result.Flows / result.Seconds:0.0}/s p50 {result.FlowTimes.Percentile(0.5):0.00} p99 {result.FlowTimes.Percentile(0.99):0.00} ms"));
    foreach (var (name, times) in result.CallTimes)
    {
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {name}: {(double)times.Count / Math.Max(1, result.Flows):0.00} a flow, p50 {times.Percentile(0.5):0.00} p99 {times.Percentile(0.99):0.00} ms"));
    }
}

// How fast the generator is by itself, against a server that does nothing, in this very process.
static void Prove(Options options)
{
    Flow.AnyStatus = true;
    var numbers = new Numbers();
    var plan = new LoadPlan(EmptyServer.Start(), options.Clients, TimeSpan.FromSeconds(options.Seconds), TimeSpan.FromSeconds(2));
    var result = new Load(plan, _ => new SignInFlow(numbers, fresh: true, Depth.Profile)).Run();
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"The generator reaches {result.Flows / result.Seconds:0} full flows/s against an empty server."));
}
