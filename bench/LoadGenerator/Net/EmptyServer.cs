using System.Net;
using System.Net.Sockets;

namespace PhoneAuth.LoadGenerator.Net;

/// <summary>
/// Answers every call of a sign-in with what a client needs and does nothing for it: against it the generator shows how fast it is itself.
/// </summary>
internal static class EmptyServer
{
    private static readonly byte[] Answer =
        """
        HTTP/1.1 200 OK
        Content-Length: 95

        [{"code":"0000","accessToken":"a","refreshToken":"r","inviteCode":"AAAAAA","isNewUser":true}]  
        """u8.ToArray();

    public static int Start()
    {
        var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(512);
        new Thread(() => Serve(listener)) { IsBackground = true }.Start();
        return ((IPEndPoint)listener.LocalEndPoint!).Port;
    }

    private static void Serve(Socket listener)
    {
        var answer = System.Text.Encoding.ASCII.GetBytes(System.Text.Encoding.ASCII.GetString(Answer).ReplaceLineEndings("\r\n"));
        using var epoll = new Epoll();
        var clients = new List<Socket> { listener };
        var request = new byte[8 * 1024];
        epoll.Watch(listener.Handle, 0);
        while (true)
        {
            var ready = epoll.Wait(1_000_000_000);
            for (var i = 0; i < ready; i++)
            {
                if (epoll.Ready(i) is var tag && tag == 0)
                {
                    var accepted = listener.Accept();
                    accepted.NoDelay = true;
                    accepted.Blocking = false;
                    epoll.Watch(accepted.Handle, clients.Count);
                    clients.Add(accepted);
                }
                else if (clients[tag].Receive(request, SocketFlags.None, out _) > 0)
                {
                    clients[tag].Send(answer);
                }
                else
                {
                    clients[tag].Dispose();
                }
            }
        }
    }
}
