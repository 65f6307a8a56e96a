using PhoneAuth.Domain.Addresses;

namespace PhoneAuth.Application.SignIn;

/// <summary>What an attacker who guesses codes of other people's numbers can expect.</summary>
public static class GuessingRisk
{
    private const int MinutesPerDay = 24 * 60;

    /// <summary>
    /// The expected number of accounts that one address takes over in a day: its guesses in a day times the chance that one is right.
    /// It may spread them over any number of victims, so only what counts by address bounds it: <c>FailedCodesPerDay</c> and
    /// <c>VerifyCodePerMinute</c>.
    /// </summary>
    /// <param name="addresses">The rules for addresses; 0 is no limit.</param>
    /// <param name="codeLength">Digits in a code.</param>
    /// <returns>Accounts a day; infinite where nothing bounds the guesses.</returns>
    public static double TakeoversPerAddressAndDay(AddressPolicy addresses, int codeLength)
    {
        ArgumentNullException.ThrowIfNull(addresses);
        var guesses = Math.Min(OrNoLimit(addresses.FailedCodesPerDay), MinutesPerDay * OrNoLimit(addresses.VerifyCodePerMinute));
        return guesses / Math.Pow(10, codeLength);
    }

    private static double OrNoLimit(int limit) => limit == 0 ? double.PositiveInfinity : limit;
}
