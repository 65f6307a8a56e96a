using Microsoft.Extensions.Logging;
using PhoneAuth.Application.Abstractions;
using PhoneAuth.Domain;
using PhoneAuth.Domain.Addresses;
using PhoneAuth.Domain.Spending;

namespace PhoneAuth.Application.SignIn;

/// <summary>
/// Asks the budgets and the brake for one text. Before the number's row is held, because a budget is a row too; and answered after the
/// number's own rules, whose refusals say more.
/// </summary>
internal sealed partial class SendPermits(
    IBudgets budgets, ICountryTraffic traffic, BrakePolicy brake, Telemetry telemetry, TimeProvider clock, ILogger<SendPermits> logger)
{
    /// <summary>Takes one text out of what is left; what is taken goes back unless the permit is used.</summary>
    public async ValueTask<SendPermit> AskAsync(string countryCode, CancellationToken cancellationToken)
    {
        if (await budgets.TakeAsync(countryCode, clock.UtcNow(), cancellationToken) is { } usedUp)
        {
            return new SendPermit(this, countryCode, usedUp, null);
        }

        if (!brake.IsOn)
        {
            return new SendPermit(this, countryCode, null, null);
        }

        await traffic.LookAsync(cancellationToken);
        return new SendPermit(this, countryCode, null, traffic.CountSend(countryCode, brake));
    }

    /// <summary>A code of a country was typed back.</summary>
    public void CountVerified(string countryCode)
    {
        if (brake.IsOn)
        {
            traffic.Count(countryCode, new Traffic(0, 1));
        }
    }

    private Error? Decide(SendPermit permit, AddressUsage? address, DateTimeOffset now)
    {
        if (permit.Budget is { } usedUp)
        {
            return Refuse(permit.CountryCode, usedUp);
        }

        if (!brake.IsOn)
        {
            return Allow(permit.CountryCode, "room");
        }

        var (hour, day) = (address?.TrafficOfHour(now) ?? default, address?.TrafficOfDay(now) ?? default);
        if (address is not null && brake.ExceededBy(hour, day) is { } reason)
        {
            return Brake(permit, new UsedUp(reason, address.BrakeRetryAt(now)));
        }

        // Whoever has verified more than they left open goes past a country's brake: an attacker cannot lock out the addresses of real users.
        return permit.Country is not { } exceeded ? Allow(permit.CountryCode, "room")
            : day.Unverified < day.Verified ? Allow(permit.CountryCode, "trusted_address")
            : Brake(permit, exceeded);
    }

    private Error? Brake(SendPermit permit, UsedUp exceeded)
    {
        if (brake.Brake is BrakeMode.Enforce)
        {
            return Refuse(permit.CountryCode, exceeded);
        }

        telemetry.BrakeDecided(permit.CountryCode, "recorded", exceeded.Reason);
        Recorded(permit.CountryCode, exceeded.Reason);
        return null;
    }

    private Error? Allow(string countryCode, string reason)
    {
        telemetry.BrakeDecided(countryCode, "allowed", reason);
        return null;
    }

    private Error Refuse(string countryCode, UsedUp usedUp)
    {
        telemetry.BrakeDecided(countryCode, "refused", usedUp.Reason);
        Refused(countryCode, usedUp.Reason);
        return AddressErrors.TooManyRequests(usedUp.RetryAt);
    }

    [LoggerMessage(LogLevel.Warning, "No text to country code {CountryCode}: {Reason}")]
    private partial void Refused(string countryCode, string reason);

    [LoggerMessage(LogLevel.Warning, "The brake would have refused a text to country code {CountryCode}: {Reason}")]
    private partial void Recorded(string countryCode, string reason);

    /// <summary>One text, as far as budgets and the brake are concerned. What was taken for it goes back when it is disposed of unused.</summary>
    internal sealed class SendPermit(SendPermits permits, string countryCode, UsedUp? budget, UsedUp? country) : IDisposable
    {
        private bool settled;

        public string CountryCode => countryCode;

        public UsedUp? Budget => budget;

        public UsedUp? Country => country;

        /// <summary>Whether the text may be sent, once it is known what its caller's address did.</summary>
        public Error? Decide(AddressUsage? address, DateTimeOffset now) => permits.Decide(this, address, now);

        /// <summary>The text is recorded.</summary>
        public void Use()
        {
            settled = true;
            if (country is not null)
            {
                permits.Count(countryCode, 1);
            }
        }

        public void Dispose()
        {
            if (settled || budget is not null)
            {
                return;
            }

            settled = true;
            permits.GiveBack(this);
        }
    }

    private void Count(string countryCode, int texts) => traffic.Count(countryCode, new Traffic(texts, 0));

    private void GiveBack(SendPermit permit)
    {
        budgets.GiveBack(permit.CountryCode);
        if (brake.IsOn && permit.Country is null)
        {
            Count(permit.CountryCode, -1);
        }
    }
}
