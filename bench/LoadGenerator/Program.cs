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
        }

        return 0;
    default:
        await Console.Error.WriteLineAsync("run.sh starts this.");
        return 2;
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
