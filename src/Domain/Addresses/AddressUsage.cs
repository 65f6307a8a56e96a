using PhoneAuth.Domain.Limits;

namespace PhoneAuth.Domain.Addresses;

/// <summary>What one caller's address (IPv4, or the /64 of an IPv6) did in the last day; whoever changes it holds its row.</summary>
public sealed class AddressUsage
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    private AddressUsage(string address) => Address = address;

    /// <summary>The address or network in text form, at most 45 characters.</summary>
    public string Address { get; }

    /// <summary>Codes asked for.</summary>
    public RecentTimes Sends { get; private set; } = RecentTimes.None;

    /// <summary>Wrong codes, whatever the numbers.</summary>
    public RecentTimes FailedCodes { get; private set; } = RecentTimes.None;

    /// <summary>The last change, UTC: a day later the row has nothing left to say.</summary>
    public DateTimeOffset UpdatedAt { get; private set; }

    /// <summary>The row of an address that has none yet.</summary>
    /// <param name="address">The address.</param>
    /// <param name="now">Now, in UTC.</param>
    public static AddressUsage Begin(string address, DateTimeOffset now) => new(address) { UpdatedAt = now };

    /// <summary>Counts a send, if there is room for it.</summary>
    /// <param name="now">Now, in UTC.</param>
    /// <param name="policy">The rules.</param>
    /// <returns>Success, or too_many_requests.</returns>
    public Result CountSend(DateTimeOffset now, AddressPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        var (hour, day) = (Sends.FullUntil(policy.SendCodePerHour, Hour, now), Sends.FullUntil(policy.SendCodePerDay, Day, now));
        if ((hour > day || day is null ? hour : day) is { } retryAt)
        {
            return AddressErrors.TooManyRequests(retryAt);
        }

        Sends = Sends.Add(now, Day, Math.Max(policy.SendCodePerHour, policy.SendCodePerDay));
        UpdatedAt = now;
        return Result.Success();
    }

    /// <summary>Whether this address may guess, whatever the number.</summary>
    /// <param name="now">Now, in UTC.</param>
    /// <param name="policy">The rules.</param>
    /// <returns>Success, or too_many_requests.</returns>
    public Result MayGuess(DateTimeOffset now, AddressPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        return FailedCodes.FullUntil(policy.FailedCodesPerDay, Day, now) is { } retryAt ? AddressErrors.TooManyRequests(retryAt) : Result.Success();
    }

    /// <summary>Counts a wrong code.</summary>
    /// <param name="now">Now, in UTC.</param>
    /// <param name="policy">The rules.</param>
    public void CountFailure(DateTimeOffset now, AddressPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        FailedCodes = FailedCodes.Add(now, Day, policy.FailedCodesPerDay);
        UpdatedAt = now;
    }
}
