namespace PhoneAuth.Domain.Addresses;

/// <summary>What one address may do, as the settings under <c>RateLimits</c> say it. 0 is no limit.</summary>
public sealed record AddressPolicy
{
    /// <summary>Sends in any hour.</summary>
    public int SendCodePerHour { get; init; } = 20;

    /// <summary>Sends in any 24 hours.</summary>
    public int SendCodePerDay { get; init; } = 60;

    /// <summary>Verifications a minute, right or wrong.</summary>
    public int VerifyCodePerMinute { get; init; } = 30;

    /// <summary>Wrong codes in any 24 hours, whatever the numbers.</summary>
    public int FailedCodesPerDay { get; init; } = 30;
}
