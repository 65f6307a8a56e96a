using PhoneAuth.Application.Abstractions;
using PhoneAuth.Domain;
using PhoneAuth.Domain.Addresses;
using PhoneAuth.Domain.Spending;

namespace PhoneAuth.Application.SignIn;

/// <summary>The limits of the calling address, kept in the database so that a restart or another instance gives nothing back.</summary>
internal sealed class AddressLimits(IAddressUsageRepository addresses, ICaller caller, AddressPolicy policy, BrakePolicy brake)
{
    /// <summary>Counts a send of this address, unless its limits or the permit refuse it.</summary>
    public async Task<Error?> CountSendAsync(SendPermits.SendPermit permit, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var limited = brake.IsOn || policy is not { SendCodePerHour: 0, SendCodePerDay: 0 };
        var usage = limited ? await HoldAsync(now, cancellationToken) : null;
        if (usage?.MaySend(now, policy).Error is { } tooMany)
        {
            return tooMany;
        }

        if (permit.Decide(usage, now) is { } refused)
        {
            return refused;
        }

        usage?.CountSend(now, policy, weighed: brake.IsOn);
        return null;
    }

    /// <summary>
    /// Holds the address for one guess. It is held before the guess is compared, so that guesses at many numbers at once queue
    /// here: none of them learns anything beyond the limit.
    /// </summary>
    public async Task<GuessingAddress> HoldForGuessAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var usage = brake.IsOn || policy.FailedCodesPerDay > 0 ? await HoldAsync(now, cancellationToken) : null;
        return new GuessingAddress(usage, policy, brake.IsOn, now);
    }

    private async Task<AddressUsage?> HoldAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (caller.Network is not { } network)
        {
            return null;
        }

        var usage = await addresses.LockAsync(network, cancellationToken);
        if (usage is null)
        {
            addresses.Add(usage = AddressUsage.Begin(network, now));
        }

        return usage;
    }
}

/// <summary>An address that is held for one guess; nothing where addresses are not limited.</summary>
internal readonly record struct GuessingAddress(AddressUsage? Usage, AddressPolicy Policy, bool Weighed, DateTimeOffset Now)
{
    public Error? Refusal => Usage?.MayGuess(Now, Policy).Error;

    public void CountFailure() => Usage?.CountFailure(Now, Policy);

    public void CountVerified()
    {
        if (Weighed)
        {
            Usage?.CountVerified(Now);
        }
    }
}
