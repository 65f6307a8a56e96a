using System.Net;
using System.Net.Sockets;

namespace PhoneAuth.Infrastructure.Sms.Http;

/// <summary>Tells the internet's addresses from those of this machine, its networks and its provider, which no text has any business at.</summary>
internal static class PublicAddresses
{
    // The special-purpose registries of IANA (RFC 6890 and after), and multicast.
    private static readonly IPNetwork[] SpecialV4 = Networks(
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24",
        "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4");

    // What is assigned to the internet at all, then what of it is special: Teredo and its kin, documentation, 6to4.
    private static readonly IPNetwork Global = IPNetwork.Parse("2000::/3");
    private static readonly IPNetwork[] SpecialV6 = Networks("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20");

    // NAT64 (RFC 6052): the last 32 bits are an IPv4 address.
    private static readonly IPNetwork Translated = IPNetwork.Parse("64:ff9b::/96");

    /// <summary>Whether an address is of the public internet.</summary>
    /// <param name="address">The address.</param>
    public static bool Contain(IPAddress address) => address switch
    {
        { AddressFamily: AddressFamily.InterNetwork } => !Array.Exists(SpecialV4, network => network.Contains(address)),
        { IsIPv4MappedToIPv6: true } => Contain(address.MapToIPv4()),
        { AddressFamily: AddressFamily.InterNetworkV6 } when Translated.Contains(address) => Contain(new IPAddress(address.GetAddressBytes().AsSpan(12))),
        { AddressFamily: AddressFamily.InterNetworkV6 } => Global.Contains(address) && !Array.Exists(SpecialV6, network => network.Contains(address)),
        _ => false,
    };

    private static IPNetwork[] Networks(params string[] networks) => Array.ConvertAll(networks, network => IPNetwork.Parse(network));
}

/// <summary>A name that leads to no public address, where only public ones are allowed.</summary>
internal sealed class PrivateTargetException : IOException
{
    public PrivateTargetException()
        : base("The target has no public address.")
    {
    }
}

/// <summary>
/// Opens connections to public addresses alone. The address that is looked at is the one that is connected to, at each new connection, so a
/// name that changes its mind in between (DNS rebinding) gains nothing.
/// </summary>
internal static class PublicConnections
{
    public static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var target = context.DnsEndPoint;
        var addresses = Array.FindAll(await Dns.GetHostAddressesAsync(target.Host, cancellationToken), PublicAddresses.Contain);
        if (addresses.Length == 0)
        {
            throw new PrivateTargetException();
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, target.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
