using PhoneAuth.Domain.Sessions;

namespace PhoneAuth.Application.Abstractions;

/// <summary>Where a request comes from, signed in or not.</summary>
public interface ICaller
{
    /// <summary>What limits count by: the IPv4 address, or the /64 of an IPv6 address, as text; null where the request has no address.</summary>
    string? Network { get; }

    /// <summary>The language of the texts for the caller, <c>en</c> or <c>ru</c>, by <c>Accept-Language</c>.</summary>
    string Language { get; }

    /// <summary>The calling device.</summary>
    /// <param name="name">What it calls itself.</param>
    Device Device(string? name);
}
