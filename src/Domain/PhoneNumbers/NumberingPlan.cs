using System.Globalization;

namespace PhoneAuth.Domain.PhoneNumbers;

/// <summary>
/// How the national numbers behind one country code are built (ITU-T E.164, section 6.2.1: country code and national significant number).
/// </summary>
public sealed class NumberingPlan
{
    /// <summary>The most digits an international number has, country code included (ITU-T E.164, section 6.1).</summary>
    public const int MaxDigits = 15;

    private const string NorthAmerica = "1";

    // Bit n is set when a national number with this first digit can have n digits.
    private readonly int[] _lengthsByFirstDigit = new int[10];
    private readonly string[] _trunkPrefixes;
    private readonly string[] _droppedAfterCode;

    private NumberingPlan(string countryCode, string lengths, string trunk)
    {
        CountryCode = countryCode;
        var keepsZero = trunk is "keep";
        var prefixes = trunk.Split(',');
        _trunkPrefixes = [.. prefixes.Where(prefix => char.IsAsciiDigit(prefix[0]))];
        _droppedAfterCode = [.. prefixes.Where(prefix => prefix[0] is '0' or '+').Select(prefix => prefix.TrimStart('+'))];
        foreach (var item in lengths.Split(','))
            AddLengths(item, keepsZero);
    }

    /// <summary>One to three ASCII digits, without the plus.</summary>
    public string CountryCode { get; }

    /// <summary>
    /// Whether a national (significant) number of this form is possible; whether somebody has it, only its network knows.
    /// </summary>
    /// <param name="national">ASCII digits, without country code and trunk prefix.</param>
    public bool IsPossible(ReadOnlySpan<char> national) =>
        !national.IsEmpty
        && national.Length <= MaxDigits - CountryCode.Length
        && (_lengthsByFirstDigit[national[0] - '0'] & (1 << national.Length)) != 0
        && (CountryCode is not NorthAmerica || IsNorthAmerican(national));

    /// <summary>
    /// Reads digits that are written at home: the trunk prefix in front, or the country code without its plus, or neither, the first that
    /// fits.
    /// </summary>
    /// <param name="digits">ASCII digits without plus and international prefix.</param>
    /// <returns>The national (significant) number, or null when none of this plan has that form.</returns>
    internal string? ReadDialled(string digits) =>
        WithoutPrefix(digits, _trunkPrefixes)
        ?? (digits.StartsWith(CountryCode, StringComparison.Ordinal) ? ReadAfterCode(digits[CountryCode.Length..]) : null)
        ?? WhenPossible(digits);

    /// <summary>Reads digits that followed the country code, where people leave a trunk zero in: <c>+44 (0)20 7946 0958</c>.</summary>
    /// <param name="digits">ASCII digits after the country code.</param>
    /// <returns>The national (significant) number, or null when none of this plan has that form.</returns>
    internal string? ReadAfterCode(string digits) => WhenPossible(digits) ?? WithoutPrefix(digits, _droppedAfterCode);

    /// <summary>Reads one line of the table in <see cref="CountryCodes"/>.</summary>
    /// <param name="line">Country code, lengths, trunk prefixes and a remark, with spaces between.</param>
    internal static NumberingPlan Read(string line)
    {
        var columns = line.Split(' ', 4, StringSplitOptions.RemoveEmptyEntries);
        return new NumberingPlan(columns[0], columns[1], columns[2]);
    }

    // Area code and exchange begin with 2 to 9 (NANP: NXX-NXX-XXXX).
    private static bool IsNorthAmerican(ReadOnlySpan<char> national) => national[0] >= '2' && national[3] >= '2';

    private string? WhenPossible(string digits) => IsPossible(digits) ? digits : null;

    private string? WithoutPrefix(string digits, string[] prefixes) => prefixes
        .Where(prefix => digits.StartsWith(prefix, StringComparison.Ordinal))
        .Select(prefix => digits[prefix.Length..])
        .FirstOrDefault(rest => IsPossible(rest));

    private void AddLengths(string item, bool keepsZero)
    {
        var (first, range) = item.Split(':') is [var digit, var rest] ? (Number(digit), rest) : (-1, item);
        var (shortest, longest) = range.Split('-') is [var from, var to] ? (Number(from), Number(to)) : (Number(range), Number(range));
        var lengths = (1 << (longest + 1)) - (1 << shortest);
        for (var leading = 0; leading < 10; leading++)
            if (first == leading || (first < 0 && (leading > 0 || keepsZero)))
                _lengthsByFirstDigit[leading] |= lengths;
    }

    private static int Number(string text) => int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
}
