using System.Net;
using System.Net.Sockets;

namespace PhoneAuth.Testing;

/// <summary>Ports on which nobody listens, each given out once: of those that no connection is given by itself, or somebody's call could take one meanwhile.</summary>
internal static class Ports
{
    private const int First = 20_000;
    private const int Count = 12_000;
    private static int given;

    public static int Free()
    {
        while (true)
        {
            var port = First + ((Environment.ProcessId + Interlocked.Increment(ref given)) % Count);
            using var listener = new TcpListener(IPAddress.Loopback, port);
            try
            {
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Somebody listens there: the next one.
            }
        }
    }
}
