using PhoneAuth.Domain.Limits;
using PhoneAuth.Domain.Spending;

namespace PhoneAuth.Domain.Addresses;

/// <summary>What one caller's address (IPv4, or the /64 of an IPv6) did in the last day; whoever changes it holds its row.</summary>
public sealed class AddressUsage
{
    /// <summary>The brake weighs so many sends and verified codes of an address; a busier one stands for itself.</summary>
    private const int WeighedByBrake = 200;

    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    private AddressUsage(string address) => Address = address;

    /// <summary>The address or network in text form, at most 45 characters.</summary>
    public string Address { get; }

    /// <summary>Codes asked for.</summary>
    public RecentTimes Sends { get; private set; } = RecentTimes.None;

    /// <summary>Wrong codes, whatever the numbers.</summary>
    public RecentTimes FailedCodes { get; private set; } = RecentTimes.None;

    /// <summary>Codes typed back, whatever the numbers, as far as the brake weighs them.</summary>
    public RecentTimes VerifiedCodes { get; private set; } = RecentTimes.None;

    /// <summary>The last change, UTC: a day later the row has nothing left to say.</summary>
    public DateTimeOffset UpdatedAt { get; private set; }

    /// <summary>The row of an address that has none yet.</summary>
    /// <param name="address">The address.</param>
    /// <param name="now">Now, in UTC.</param>
    public static AddressUsage Begin(string address, DateTimeOffset now) => new(address) { UpdatedAt = now };

    /// <summary>Whether this address has room for another send.</summary>
    /// <param name="now">Now, in UTC.</param>
    /// <param name="policy">The rules.</param>
    /// <returns>Success, or too_many_requests.</returns>
    public Result MaySend(DateTimeOffset now, AddressPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        var (hour, day) = (Sends.FullUntil(policy.SendCodePerHour, Hour, now), Sends.FullUntil(policy.SendCodePerDay, Day, now));
        return (hour > day || day is null ? hour : day) is { } retryAt ? AddressErrors.TooManyRequests(retryAt) : Result.Success();
    }

    /// <summary>Counts a send, if there is room for it.</summary>
    /// <param name="now">Now, in UTC.</param>
    /// <param name="policy">The rules.</param>
    /// <param name="weighed">Whether the brake weighs it.</param>
    /// <returns>Success, or too_many_requests.</returns>
    public Result CountSend(DateTimeOffset now, AddressPolicy policy, bool weighed = false)
    {
        if (MaySend(now, policy).Error is { } tooMany)
        {
            return tooMany;
        }

        var limit = Math.Max(policy.SendCodePerHour, policy.SendCodePerDay);
        Sends = Sends.Add(now, Day, weighed ? Math.Max(limit, WeighedByBrake) : limit);
        UpdatedAt = now;
        return Result.Success();
    }

    /// <summary>Counts a code that was typed back.</summary>
    /// <param name="now">Now, in UTC.</param>
    public void CountVerified(DateTimeOffset now)
    {
        VerifiedCodes = VerifiedCodes.Add(now, Day, WeighedByBrake);
        UpdatedAt = now;
    }

    /// <summary>What this address asked for and typed back in the last hour.</summary>
    /// <param name="now">Now, in UTC.</param>
    public Traffic TrafficOfHour(DateTimeOffset now) => TrafficAfter(now - Hour);

    /// <summary>The same of the last day.</summary>
    /// <param name="now">Now, in UTC.</param>
    public Traffic TrafficOfDay(DateTimeOffset now) => TrafficAfter(now - Day);

    /// <summary>When the oldest text of this address leaves the hour, which is when the brake may let go of it.</summary>
    /// <param name="now">Now, in UTC.</param>
    public DateTimeOffset BrakeRetryAt(DateTimeOffset now) => (Sends.FirstAfter(now - Hour) ?? now) + Hour;

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

    private Traffic TrafficAfter(DateTimeOffset moment) => new(Sends.CountAfter(moment), VerifiedCodes.CountAfter(moment));
}
