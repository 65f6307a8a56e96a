using PhoneAuth.Application.Abstractions;
using PhoneAuth.Domain;
using PhoneAuth.Domain.Addresses;
using PhoneAuth.Domain.Spending;

namespace PhoneAuth.Application.SignIn;

/// <summary>The limits of the calling address, kept in the database so that a restart or another instance gives nothing back.</summary>
internal sealed class AddressLimits(IAddressUsageRepository addresses, ICaller caller, AddressPolicy policy, BrakePolicy brake)
{
    /// <summary>The address whose row is to be held for a send, or null where it does not matter.</summary>
    public string? NetworkForSend => brake.IsOn || policy is not { SendCodePerHour: 0, SendCodePerDay: 0 } ? caller.Network : null;

    /// <summary>
    /// The same for one guess. It is held before the guess is compared, so that guesses at many numbers at once queue
    /// here: none of them learns anything beyond the limit.
    /// </summary>
    public string? NetworkForGuess => brake.IsOn || policy.FailedCodesPerDay > 0 ? caller.Network : null;

    /// <summary>Counts a send of this address, unless its limits or the permit refuse it.</summary>
    /// <param name="held">Its row, or null where it has none or does not matter.</param>
    /// <param name="permit">What budgets and the brake say.</param>
    /// <param name="now">Now, in UTC.</param>
    public Error? CountSend(AddressUsage? held, SendPermits.SendPermit permit, DateTimeOffset now)
    {
        var usage = Usage(held, NetworkForSend, now);
        if (usage?.MaySend(now, policy).Error is { } tooMany)
        {
            return tooMany;
        }

        if (permit.Decide(usage, now) is { } refused)
        {
            return refused;
        }

        usage?.CountSend(now, policy, weighed: brake.IsOn);
        Keep(usage, held);
        return null;
    }

    /// <summary>Whether this address may guess, whatever the number.</summary>
    /// <param name="held">Its row, or null where it has none or does not matter.</param>
    /// <param name="now">Now, in UTC.</param>
    public Error? MayGuess(AddressUsage? held, DateTimeOffset now) => held?.MayGuess(now, policy).Error;

    /// <summary>Counts a wrong code.</summary>
    /// <param name="held">The address's row, or null where it has none or does not matter.</param>
    /// <param name="now">Now, in UTC.</param>
    public void CountFailure(AddressUsage? held, DateTimeOffset now)
    {
        var usage = Usage(held, NetworkForGuess, now);
        usage?.CountFailure(now, policy);
        Keep(usage, held);
    }

    /// <summary>Counts a code that was typed back.</summary>
    /// <param name="held">The address's row, or null where it has none or does not matter.</param>
    /// <param name="now">Now, in UTC.</param>
    public void CountVerified(AddressUsage? held, DateTimeOffset now)
    {
        if (brake.IsOn)
        {
            var usage = Usage(held, NetworkForGuess, now);
            usage?.CountVerified(now);
            Keep(usage, held);
        }
    }

    private static AddressUsage? Usage(AddressUsage? held, string? network, DateTimeOffset now) =>
        network is null ? null : held ?? AddressUsage.Begin(network, now);

    private void Keep(AddressUsage? usage, AddressUsage? held)
    {
        if (usage is not null && held is null)
        {
            addresses.Add(usage);
        }
    }
}
