using System.Runtime.InteropServices;

namespace PhoneAuth.Domain.Spending;

/// <summary>What the brake does.</summary>
public enum BrakeMode
{
    /// <summary>Nothing; nothing is counted for it either.</summary>
    Off,

    /// <summary>Says in the log and in a counter what it would have refused.</summary>
    Record,

    /// <summary>Refuses.</summary>
    Enforce,
}

/// <summary>
/// The brake on texts that nobody types back (artificially inflated traffic, "SMS pumping"), as the settings under <c>Sms</c> say it: texts
/// without a verified code, per country code and per address, against what was verified in the same window.
/// </summary>
public sealed record BrakePolicy
{
    /// <summary>What the brake does.</summary>
    public BrakeMode Brake { get; init; } = BrakeMode.Enforce;

    /// <summary>From where on.</summary>
    public BrakeLimits BrakeLimits { get; init; } = new();

    /// <summary>Whether anything is counted for it.</summary>
    public bool IsOn => Brake is not BrakeMode.Off;

    /// <summary>The limit of a country code that another text would exceed.</summary>
    /// <param name="traffic">What went there.</param>
    /// <returns>A word for the log and the counter, or null where there is room.</returns>
    public string? ExceededBy(CountryTraffic traffic) =>
        !traffic.Hour.HasRoom(BrakeLimits.CountryPerHour, BrakeLimits.CountryHourShare) ? "country_hour"
        : !traffic.Day.HasRoom(BrakeLimits.CountryPerDay, BrakeLimits.CountryDayShare) ? "country_day"
        : null;

    /// <summary>The limit of an address that another text would exceed.</summary>
    /// <param name="hour">What it asked for in the last hour.</param>
    /// <param name="day">What it asked for in the last day.</param>
    /// <returns>A word for the log and the counter, or null where there is room.</returns>
    public string? ExceededBy(Traffic hour, Traffic day) =>
        !hour.HasRoom(BrakeLimits.AddressPerHour, BrakeLimits.AddressHourShare) ? "address_hour"
        : !day.HasRoom(BrakeLimits.AddressPerDay, BrakeLimits.AddressDayShare) ? "address_day"
        : null;
}

/// <summary>From where on the brake acts: so many unverified texts, or so large a share of what was verified, whichever is more.</summary>
public sealed record BrakeLimits
{
    /// <summary>Unverified texts to a country code in any hour.</summary>
    public int CountryPerHour { get; init; } = 3;

    /// <summary>The same as a share of what was verified there.</summary>
    public double CountryHourShare { get; init; } = 0.2;

    /// <summary>Unverified texts to a country code in any 24 hours.</summary>
    public int CountryPerDay { get; init; } = 20;

    /// <summary>The same as a share of what was verified there.</summary>
    public double CountryDayShare { get; init; } = 0.3;

    /// <summary>Unverified texts asked for by an address (IPv6: a /64) in any hour.</summary>
    public int AddressPerHour { get; init; } = 5;

    /// <summary>The same as a share of what it verified.</summary>
    public double AddressHourShare { get; init; } = 0.5;

    /// <summary>Unverified texts asked for by an address in any 24 hours.</summary>
    public int AddressPerDay { get; init; } = 10;

    /// <summary>The same as a share of what it verified.</summary>
    public double AddressDayShare { get; init; } = 0.5;
}

/// <summary>Texts sent and codes verified in one window.</summary>
/// <param name="Sent">Texts.</param>
/// <param name="Verified">Codes that were typed back: each takes one text out of the bucket.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Traffic(long Sent, long Verified)
{
    /// <summary>What is left in the bucket.</summary>
    public long Unverified => Math.Max(0, Sent - Verified);

    /// <summary>Whether the bucket holds one more.</summary>
    /// <param name="floor">So many it holds in any case.</param>
    /// <param name="share">So large a share of what was verified it holds too.</param>
    public bool HasRoom(int floor, double share) => Unverified + 1 <= Math.Max(floor, share * Verified);

    /// <summary>Both together.</summary>
    /// <param name="one">One.</param>
    /// <param name="other">The other.</param>
    public static Traffic operator +(Traffic one, Traffic other) => Add(one, other);

    /// <summary>Both together.</summary>
    /// <param name="one">One.</param>
    /// <param name="other">The other.</param>
    public static Traffic Add(Traffic one, Traffic other) => new(one.Sent + other.Sent, one.Verified + other.Verified);
}

/// <summary>What went to a country code.</summary>
/// <param name="Hour">In the last hour.</param>
/// <param name="Day">In the last 24 hours.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct CountryTraffic(Traffic Hour, Traffic Day);
