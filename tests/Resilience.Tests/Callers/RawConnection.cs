using System.Net.Sockets;
using System.Text;

namespace PhoneAuth.Resilience.Tests.Callers;

/// <summary>A connection on which anything can be said, at any speed.</summary>
internal sealed class RawConnection : IDisposable
{
    private readonly Socket socket = new(SocketType.Stream, ProtocolType.Tcp);

    public static async Task<RawConnection> OpenAsync(Uri address, int? receiveBuffer = null)
    {
        var connection = new RawConnection();
        connection.socket.ReceiveBufferSize = receiveBuffer ?? connection.socket.ReceiveBufferSize;
        await connection.socket.ConnectAsync(address.Host, address.Port);
        return connection;
    }

    /// <summary>Says something; false where the other side has had enough.</summary>
    public async Task<bool> SayAsync(string text)
    {
        try
        {
            await socket.SendAsync(Encoding.Latin1.GetBytes(text));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>All that is answered until the other side ends the connection, or is silent for so long.</summary>
    public async Task<(string Text, bool Ended)> ListenAsync(TimeSpan patience)
    {
        var heard = new StringBuilder();
        var buffer = new byte[4096];
        try
        {
            while (true)
            {
                using var silence = new CancellationTokenSource(patience);
                var size = await socket.ReceiveAsync(buffer, silence.Token);
                if (size == 0)
                {
                    return (heard.ToString(), true);
                }

                heard.Append(Encoding.Latin1.GetString(buffer, 0, size));
            }
        }
        catch (OperationCanceledException)
        {
            return (heard.ToString(), false);
        }
        catch (SocketException)
        {
            return (heard.ToString(), true);
        }
    }

    public void Dispose() => socket.Dispose();
}
