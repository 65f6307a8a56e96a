using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;

namespace PhoneAuth.LoadGenerator.Machines;

/// <summary>A server that is measured: a process of its own, on a port that was free.</summary>
internal sealed partial class Server : IDisposable
{
    private const int Terminate = 15;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly Process process;

    private Server(Process process, int port, TimeSpan startUp) => (this.process, Port, StartUp) = (process, port, startUp);

    public int Port { get; }

    public int ProcessId => process.Id;

    /// <summary>From the start of the process to its first answer.</summary>
    public TimeSpan StartUp { get; }

    /// <summary>Starts it and waits for its first answer.</summary>
    /// <param name="executable">The published program.</param>
    /// <param name="path">What is asked for first.</param>
    /// <param name="logFile">Where its log goes.</param>
    /// <param name="settings">Its settings, as environment variables.</param>
    public static Server Start(string executable, string path, string logFile, IEnumerable<KeyValuePair<string, string>> settings)
    {
        var port = FreePort();
        var start = new ProcessStartInfo("/bin/sh", ["-c", "exec \"$0\" >>\"$1\" 2>&1", executable, logFile]) { WorkingDirectory = Path.GetDirectoryName(executable) };
        start.Environment["ASPNETCORE_URLS"] = "http://127.0.0.1:" + port;
        start.Environment["DOTNET_NOLOGO"] = "1";
        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }

        var begin = Stopwatch.GetTimestamp();
        var started = Process.Start(start)!;
        while (!Answers(port, path))
        {
            if (started.HasExited || Stopwatch.GetElapsedTime(begin) > Patience)
            {
                started.Dispose();
                throw new InvalidOperationException($"{executable} did not start: see {logFile}");
            }

            Thread.Sleep(1);
        }

        return new Server(started, port, Stopwatch.GetElapsedTime(begin));
    }

    public void Dispose()
    {
        if (!process.HasExited)
        {
            _ = Kill(process.Id, Terminate);
            if (!process.WaitForExit(Patience))
            {
                process.Kill();
            }
        }

        process.Dispose();
    }

    private static bool Answers(int port, string path)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Connect(IPAddress.Loopback, port);
            socket.Send(Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"));
            var answer = new byte[64];
            var size = socket.Receive(answer);
            return answer.AsSpan(0, size).StartsWith("HTTP/1.1 200"u8);
        }
        catch (SocketException)
        {
            return false; // it does not listen yet
        }
    }

    private static int FreePort()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        return port;
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int processId, int signal);
}
