namespace PhoneAuth.Domain.PhoneNumbers;

/// <summary>
/// A possible phone number of a person, in the one form of ITU-T E.164. Two numbers are equal when they are one number, however they were
/// written.
/// </summary>
/// <remarks>
/// Possible means: an assigned country code and a national number of a length (and, where that decides, a first digit) its plan has.
/// Whether anybody answers there, only the network knows.
/// </remarks>
public sealed record PhoneNumber
{
    /// <summary>The longest <see cref="E164"/>, in characters: the plus and 15 digits.</summary>
    public const int MaxLength = 1 + NumberingPlan.MaxDigits;

    /// <summary>What a person is told of a text that is not a possible phone number; the key of its translation.</summary>
    public const string InvalidMessage = "This is not a possible phone number.";

    private const string InternationalPrefix = "00";

    private PhoneNumber(string countryCode, string national)
    {
        CountryCode = countryCode;
        E164 = "+" + countryCode + national;
    }

    /// <summary>
    /// The plus, the country code and the national number, as in <c>+79001234567</c>; ASCII, at most <see cref="MaxLength"/> characters.
    /// </summary>
    public string E164 { get; }

    /// <summary>The country code without the plus, as in <c>7</c>; one to three ASCII digits.</summary>
    public string CountryCode { get; }

    /// <summary>
    /// What may be shown and logged: the country code, up to three digits, dots and the last four digits, as in <c>+7900•••4567</c>.
    /// A national number of fewer than ten digits shows half of them at most.
    /// </summary>
    public string Masked
    {
        get
        {
            var national = E164.AsSpan(1 + CountryCode.Length);
            var shown = national.Length >= 10 ? 7 : national.Length / 2;
            var tail = Math.Min(4, shown);
            return $"+{CountryCode}{national[..(shown - tail)]}•••{national[^tail..]}";
        }
    }

    /// <summary>Reads a number in any of the ways people write it.</summary>
    /// <remarks>
    /// <para>
    /// Digits of every script count by their value (Unicode category Nd). Between them may stand spaces (category Zs), dashes
    /// (category Pd, the minus sign, the long vowel mark that Japanese keyboards give), dots and round or square brackets, full-width
    /// forms too.
    /// Marks of writing direction around the whole text are ignored, for contact books add them unseen. Everything else is
    /// refused: letters, control and other invisible characters, slashes (they join two numbers as often as they part one), and any text
    /// over 64 characters.
    /// </para>
    /// <para>How the digits are understood, in this order:</para>
    /// <list type="number">
    /// <item>After a plus or <c>00</c>: country code, then national number. A trunk zero left in (<c>+44 (0)20 …</c>) is dropped where the
    /// trunk prefix is one; it stays where it belongs to the number (<c>+39 06 …</c>). The 1 that Mexican mobiles had until 2019
    /// (<c>+52 1 …</c>) is dropped. Another trunk prefix there is a mistake: <c>+7 8 900 …</c> is too long.</item>
    /// <item>The trunk prefix of the default country, then one of its national numbers: <c>8 900 …</c> with 7.</item>
    /// <item>The default country's own code without a plus, then one of its national numbers: <c>7 900 …</c> with 7.</item>
    /// <item>A bare national number of the default country: <c>900 …</c> with 7.</item>
    /// </list>
    /// <para>
    /// The last two can both fit only in countries whose numbers vary in length. The country code wins there, because people leave the
    /// plus out more often than the trunk zero (<c>62 812 …</c> in Indonesia); in Italy, which has no trunk prefix, the first digits
    /// decide.
    /// The code of another country is not guessed without a plus or <c>00</c>: a mistyped number must not become somebody's abroad.
    /// </para>
    /// <para>
    /// Not told apart here: Argentina's mobiles are <c>+54 9 …</c>, and their form at home with 15 inside (<c>011 15 …</c>) is refused,
    /// as only a
    /// list of area codes could place it; without the 9 it is a fixed line's number.
    /// </para>
    /// </remarks>
    /// <param name="text">What a person wrote.</param>
    /// <param name="defaultCountryCode">The country code of numbers that are written nationally, one to three ASCII digits.</param>
    /// <returns>The number, or a validation failure of <c>phoneNumber</c> with <see cref="InvalidMessage"/>.</returns>
    /// <exception cref="ArgumentException">The default country code is not in <see cref="CountryCodes"/>: a setting that was not
    /// validated.</exception>
    public static Result<PhoneNumber> Parse(string? text, string defaultCountryCode)
    {
        var home = CountryCodes.Find(defaultCountryCode)
            ?? throw new ArgumentException("Not a country code that phones of people have.", nameof(defaultCountryCode));
        if (PhoneNumberText.Read(text) is not var (digits, hasPlus))
            return Invalid();
        if (hasPlus)
            return International(digits);
        return digits.StartsWith(InternationalPrefix, StringComparison.Ordinal)
            ? International(digits[InternationalPrefix.Length..])
            : Made(home, home.ReadDialled(digits));
    }

    /// <summary>
    /// Reads a number out of a path segment: an optional ASCII plus, then the ASCII digits of the one E.164 form, nothing else. So a
    /// number has two
    /// addresses, with and without the plus, and no others.
    /// </summary>
    /// <param name="text">The segment, percent-decoded.</param>
    /// <returns>The number, or a validation failure of <c>phoneNumber</c> with <see cref="InvalidMessage"/>.</returns>
    public static Result<PhoneNumber> ParseInternational(string? text)
    {
        if (Digits(text) is not { } digits || CountryCodes.FindByPrefix(digits) is not { } plan)
            return Invalid();
        var national = digits[plan.CountryCode.Length..];
        return plan.IsPossible(national) ? new PhoneNumber(plan.CountryCode, national) : Invalid();
    }

    /// <summary>
    /// Takes a number from our own database. Its length is not held against today's table, so that a plan's change never makes a stored
    /// user unreadable.
    /// </summary>
    /// <param name="e164">The plus and at most 15 ASCII digits that begin with a country code.</param>
    /// <exception cref="FormatException">It is not that.</exception>
    public static PhoneNumber FromStorage(string e164)
    {
        if (e164 is not ['+', ..] || Digits(e164) is not { } digits
            || CountryCodes.FindByPrefix(digits) is not { } plan || digits.Length == plan.CountryCode.Length)
            throw new FormatException("A stored phone number is not E.164.");
        return new PhoneNumber(plan.CountryCode, digits[plan.CountryCode.Length..]);
    }

    /// <summary>The <see cref="Masked"/> form, so that no log can hold a whole number.</summary>
    public override string ToString() => Masked;

    private static Result<PhoneNumber> International(string digits) =>
        CountryCodes.FindByPrefix(digits) is { } plan ? Made(plan, plan.ReadAfterCode(digits[plan.CountryCode.Length..])) : Invalid();

    private static Result<PhoneNumber> Made(NumberingPlan plan, string? national) =>
        national is null ? Invalid() : new PhoneNumber(plan.CountryCode, national);

    // The ASCII digits after an optional plus, or null when there is anything else or too many.
    private static string? Digits(string? text)
    {
        if (text is null or [])
            return null;
        var digits = text[0] is '+' ? text[1..] : text;
        return digits.Length <= NumberingPlan.MaxDigits && digits.All(char.IsAsciiDigit) ? digits : null;
    }

    private static Result<PhoneNumber> Invalid() => Error.Validation("phoneNumber", InvalidMessage);
}
