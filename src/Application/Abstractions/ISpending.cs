using PhoneAuth.Domain.Spending;

namespace PhoneAuth.Application.Abstractions;

/// <summary>The budgets of texts, shared by all instances: together they never send more.</summary>
public interface IBudgets
{
    /// <summary>Takes one text out of the budgets of the service and of a country.</summary>
    /// <param name="countryCode">The country code without the plus.</param>
    /// <param name="now">Now, in UTC.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Null when it was taken; else which budget is used up, and until when.</returns>
    ValueTask<UsedUp?> TakeAsync(string countryCode, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Gives a text back that was not sent after all.</summary>
    /// <param name="countryCode">The country code without the plus.</param>
    void GiveBack(string countryCode);
}

/// <summary>A limit that has no room.</summary>
/// <param name="Reason">Which, in a word for the log and the counter.</param>
/// <param name="RetryAt">When it may have room again, UTC.</param>
public sealed record UsedUp(string Reason, DateTimeOffset RetryAt);

/// <summary>
/// What is sent to country codes and typed back there. Instances count in their memory and add up in the database about each second, so
/// what one sees of the others is at most two seconds old, and no row is a bottleneck.
/// </summary>
public interface ICountryTraffic
{
    /// <summary>Makes sure that what is known of the other instances is not too old.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    ValueTask LookAsync(CancellationToken cancellationToken);

    /// <summary>Counts a text if the brake has room for it; nothing comes between the look and the count.</summary>
    /// <param name="countryCode">The country code without the plus.</param>
    /// <param name="policy">The brake.</param>
    /// <returns>Null when it was counted; else the limit that it would exceed.</returns>
    UsedUp? CountSend(string countryCode, BrakePolicy policy);

    /// <summary>Adds to what is counted.</summary>
    /// <param name="countryCode">The country code without the plus.</param>
    /// <param name="traffic">Texts and verified codes; less than nothing takes back.</param>
    void Count(string countryCode, Traffic traffic);
}
