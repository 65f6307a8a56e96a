using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;

namespace PhoneAuth.LoadGenerator.Net;

/// <summary>One kept-alive connection that carries one request at a time. It understands as much of HTTP/1.1 as servers answer.</summary>
internal sealed class Connection : IDisposable
{
    private const int BufferSize = 64 * 1024;

    private readonly Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] received = new byte[BufferSize];
    private readonly byte[] body = new byte[BufferSize];
    private int size;

    public Connection(IPEndPoint server)
    {
        socket.Connect(server);
        socket.Blocking = false;
    }

    public nint Handle => socket.Handle;

    /// <summary>Where the next request is written.</summary>
    public byte[] Request { get; } = new byte[8 * 1024];

    /// <summary>The status of the last answer.</summary>
    public int Status { get; private set; }

    /// <summary>The body of the last answer.</summary>
    public ReadOnlySpan<byte> Body => body.AsSpan(0, BodySize);

    private int BodySize { get; set; }

    public void Send(int length)
    {
        // A request is far smaller than a socket's buffer, which is empty: the last answer has come.
        size = 0;
        if (socket.Send(Request.AsSpan(0, length), SocketFlags.None) != length)
        {
            throw new InvalidOperationException("A request did not fit into the socket's buffer.");
        }
    }

    /// <summary>Reads what has come.</summary>
    /// <returns>Whether the answer is whole.</returns>
    public bool Receive()
    {
        var count = socket.Receive(received.AsSpan(size), SocketFlags.None, out var error);
        if (error == SocketError.WouldBlock)
        {
            return false;
        }

        if (error != SocketError.Success || count == 0)
        {
            throw new InvalidOperationException($"The server broke the connection ({error}).");
        }

        size += count;
        return Parse(received.AsSpan(0, size));
    }

    public void Dispose() => socket.Dispose();

    private bool Parse(ReadOnlySpan<byte> answer)
    {
        var end = answer.IndexOf("\r\n\r\n"u8);
        if (end < 0)
        {
            return false;
        }

        var head = answer[..(end + 2)];
        var rest = answer[(end + 4)..];
        Status = Number(head[9..12]);
        var length = head.IndexOf("\r\nContent-Length: "u8);
        if (length >= 0)
        {
            BodySize = Number(head[(length + 18)..]);
            return Take(rest, BodySize, 0);
        }

        if (head.IndexOf("\r\nTransfer-Encoding: chunked"u8) >= 0)
        {
            return ParseChunks(rest);
        }

        BodySize = 0;
        return true;
    }

    private static int Number(ReadOnlySpan<byte> text) =>
        Utf8Parser.TryParse(text, out int number, out _) ? number : throw new InvalidOperationException("This is no HTTP/1.1.");

    private bool ParseChunks(ReadOnlySpan<byte> rest)
    {
        BodySize = 0;
        while (true)
        {
            var line = rest.IndexOf("\r\n"u8);
            if (line < 0 || !Utf8Parser.TryParse(rest[..line], out int chunk, out _, 'x') || rest.Length < line + 2 + chunk + 2)
            {
                return false;
            }

            Take(rest[(line + 2)..], chunk, BodySize);
            BodySize += chunk;
            if (chunk == 0)
            {
                return true;
            }

            rest = rest[(line + 2 + chunk + 2)..];
        }
    }

    private bool Take(ReadOnlySpan<byte> from, int count, int at)
    {
        if (from.Length < count)
        {
            return false;
        }

        from[..count].CopyTo(body.AsSpan(at));
        return true;
    }
}
