using System.Diagnostics;
using System.Net;
using PhoneAuth.LoadGenerator.Net;

namespace PhoneAuth.LoadGenerator;

/// <summary>How a load is put on.</summary>
/// <param name="Port">The server's port on this machine.</param>
/// <param name="Clients">Simulated clients: connections that carry one request at a time.</param>
/// <param name="Duration">How long it is measured.</param>
/// <param name="WarmUp">How long it runs before.</param>
/// <param name="Rate">Flows a second that begin whatever the server does (constant arrival); null is a closed loop, where each client begins the next as the last ends.</param>
internal sealed record LoadPlan(int Port, int Clients, TimeSpan Duration, TimeSpan WarmUp, double? Rate = null);

/// <summary>What a load came to.</summary>
/// <param name="Seconds">How long it was measured.</param>
/// <param name="Flows">Whole flows in that time.</param>
/// <param name="FlowTimes">From a flow's beginning to its end.</param>
/// <param name="CallTimes">From a call to its whole answer, by the calls' names.</param>
internal sealed record LoadResult(double Seconds, long Flows, Histogram FlowTimes, IReadOnlyDictionary<string, Histogram> CallTimes);

/// <summary>
/// Puts a load on a server, from one thread. At a constant rate a flow's time counts from the moment it ought to have begun, whether or not a
/// client was free then: a server that stalls is charged for everybody who would have come meanwhile.
/// </summary>
internal sealed class Load(LoadPlan plan, Func<int, Flow> flowOf)
{
    private static readonly long Second = Stopwatch.Frequency;

    private readonly Client[] clients = new Client[plan.Clients];
    private readonly Stack<Client> idle = new();
    private Histogram flowTimes = new();
    private Dictionary<string, Histogram> callTimes = new(StringComparer.Ordinal);
    private long flows;
    private int busy;

    /// <summary>Runs it.</summary>
    /// <param name="measuring">Called when the warm-up is over.</param>
    public LoadResult Run(Action? measuring = null)
    {
        using var epoll = new Epoll();
        var server = new IPEndPoint(IPAddress.Loopback, plan.Port);
        for (var i = 0; i < plan.Clients; i++)
        {
            clients[i] = new Client(new Connection(server), flowOf(i));
            epoll.Watch(clients[i].Connection.Handle, i);
            idle.Push(clients[i]);
        }

        try
        {
            var begin = Stopwatch.GetTimestamp();
            var measureFrom = begin + Ticks(plan.WarmUp);
            LoopUntil(epoll, measureFrom, begin);
            measuring?.Invoke();
            Forget();
            measureFrom = Stopwatch.GetTimestamp();
            LoopUntil(epoll, measureFrom + Ticks(plan.Duration), measureFrom);
            return new LoadResult(Seconds(Stopwatch.GetTimestamp() - measureFrom), flows, flowTimes, callTimes);
        }
        finally
        {
            foreach (var client in clients)
            {
                client.Connection.Dispose();
            }
        }
    }

    private static long Ticks(TimeSpan time) => (long)(time.TotalSeconds * Second);

    private static double Seconds(long ticks) => (double)ticks / Second;

    private static long Nanoseconds(long ticks) => (long)(ticks * (1e9 / Second));

    private void Forget() => (flows, flowTimes, callTimes) = (0, new Histogram(), new Dictionary<string, Histogram>(StringComparer.Ordinal));

    private void LoopUntil(Epoll epoll, long end, long firstArrival)
    {
        var arrivals = 0L;
        while (true)
        {
            var now = Stopwatch.GetTimestamp();
            if (now >= end)
            {
                return;
            }

            var wait = end - now;
            if (plan.Rate is { } rate)
            {
                long due;
                while ((due = firstArrival + (long)(arrivals * Second / rate)) <= now && idle.TryPop(out var free))
                {
                    arrivals++;
                    Begin(free, due);
                }

                // Where everybody is busy, the next answer lets the next flow begin, late as it is.
                wait = Math.Min(wait, idle.Count == 0 ? wait : Math.Max(due - now, 0));
            }
            else
            {
                while (idle.TryPop(out var free))
                {
                    Begin(free, now);
                }

                if (busy == 0)
                {
                    return;
                }
            }

            var ready = epoll.Wait(Nanoseconds(wait));
            for (var i = 0; i < ready; i++)
            {
                var client = clients[epoll.Ready(i)];
                if (client.Connection.Receive())
                {
                    Answered(client, Stopwatch.GetTimestamp());
                }
            }
        }
    }

    private void Begin(Client client, long due)
    {
        var length = client.Flow.Begin(client.Connection.Request);
        if (length == Flow.Nothing)
        {
            return;
        }

        (client.FlowBegan, client.CallBegan) = (due, due);
        busy++;
        client.Connection.Send(length);
    }

    private void Answered(Client client, long now)
    {
        var name = client.Flow.Call;
        if (!callTimes.TryGetValue(name, out var times))
        {
            callTimes[name] = times = new Histogram();
        }

        times.Record(Nanoseconds(now - client.CallBegan));
        var connection = client.Connection;
        var length = client.Flow.Continue(connection.Status, connection.Body, connection.Request);
        if (length == Flow.Nothing)
        {
            flows++;
            busy--;
            flowTimes.Record(Nanoseconds(now - client.FlowBegan));
            idle.Push(client);
            return;
        }

        client.CallBegan = now;
        connection.Send(length);
    }

    private sealed class Client(Connection connection, Flow flow)
    {
        public Connection Connection { get; } = connection;

        public Flow Flow { get; } = flow;

        public long FlowBegan { get; set; }

        public long CallBegan { get; set; }
    }
}
