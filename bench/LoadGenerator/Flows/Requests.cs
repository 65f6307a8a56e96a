using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace PhoneAuth.LoadGenerator.Flows;

/// <summary>Writes requests as a client behind a proxy would send them: each number calls from an address of its own.</summary>
internal static class Requests
{
    public static int Get(Span<byte> request, string path, long number, string? accessToken)
    {
        var ok = accessToken is null
            ? Utf8.TryWrite(request, CultureInfo.InvariantCulture, $"GET {path} HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: {Address(number)}\r\nUser-Agent: PhoneAuth-bench\r\n\r\n", out var length)
            : Utf8.TryWrite(request, CultureInfo.InvariantCulture, $"GET {path} HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: {Address(number)}\r\nUser-Agent: PhoneAuth-bench\r\nAuthorization: Bearer {accessToken}\r\n\r\n", out length);
        return ok ? length : throw new InvalidOperationException("A request is too long.");
    }

    public static int Post(Span<byte> request, string path, long number, string? accessToken, string body)
    {
        var authorization = accessToken is null ? "" : $"Authorization: Bearer {accessToken}\r\n";
        return Utf8.TryWrite(
            request,
            CultureInfo.InvariantCulture,
            $"POST {path} HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: {Address(number)}\r\nUser-Agent: PhoneAuth-bench\r\n{authorization}Content-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}",
            out var length) ? length : throw new InvalidOperationException("A request is too long.");
    }

    /// <summary>The text value of a JSON member that stands first of its name; the service escapes nothing in those that are asked for.</summary>
    /// <param name="body">The JSON.</param>
    /// <param name="member">The name with its quotes and colon, and the value's first quote.</param>
    public static string? Value(ReadOnlySpan<byte> body, ReadOnlySpan<byte> member)
    {
        var at = body.IndexOf(member);
        if (at < 0)
        {
            return null;
        }

        var value = body[(at + member.Length)..];
        return Encoding.ASCII.GetString(value[..value.IndexOf((byte)'"')]);
    }

    private static string Address(long number) =>
        string.Create(CultureInfo.InvariantCulture, $"10.{(number >> 16) & 255}.{(number >> 8) & 255}.{number & 255}");
}
