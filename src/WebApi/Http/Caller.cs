using System.Net;
using System.Net.Sockets;
using System.Text;
using PhoneAuth.Application.Abstractions;
using PhoneAuth.Domain.Sessions;

namespace PhoneAuth.WebApi.Http;

/// <summary>Where a request comes from: the peer's address, or the one a known proxy says.</summary>
internal sealed class Caller(IHttpContextAccessor accessor) : ICaller
{
    private HttpContext? Context => accessor.HttpContext;

    public string? Network => NetworkOf(Context?.Connection.RemoteIpAddress);

    public string Language => Context is { } context ? Languages.Of(context.Request) : Languages.English;

    public Device Device(string? name)
    {
        var userAgent = Context?.Request.Headers.UserAgent.ToString();
        var address = Plain(Context?.Connection.RemoteIpAddress)?.ToString();
        return new Device(
            string.IsNullOrWhiteSpace(name) ? null : name,
            string.IsNullOrEmpty(userAgent) ? null : Printable(userAgent),
            address?[..Math.Min(address.Length, Session.MaxAddressLength)]);
    }

    /// <summary>What limits count by. Whoever has one IPv6 address has the 2^64 of its /64.</summary>
    public static string? NetworkOf(IPAddress? address)
    {
        if (Plain(address) is not { } plain || plain.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return Plain(address)?.ToString();
        }

        var bytes = plain.GetAddressBytes();
        bytes.AsSpan(8).Clear();
        return new IPAddress(bytes) + "/64";
    }

    /// <summary>As much of a header as is kept. A header may carry what a terminal obeys, and operators read this on one.</summary>
    private static string Printable(string header)
    {
        var kept = new StringBuilder();
        foreach (var rune in header.EnumerateRunes())
        {
            var text = Domain.Sessions.Device.IsPrintable(rune) ? rune.ToString() : "?";
            if (kept.Length + text.Length > Session.MaxUserAgentLength)
            {
                break;
            }

            kept.Append(text);
        }

        return kept.ToString();
    }

    private static IPAddress? Plain(IPAddress? address) => address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4()
        : address is { AddressFamily: AddressFamily.InterNetworkV6, ScopeId: not 0 } ? new IPAddress(address.GetAddressBytes())
        : address;
}
