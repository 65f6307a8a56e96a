using System.Globalization;
using System.Text;

namespace PhoneAuth.Domain.PhoneNumbers;

/// <summary>Reduces what people type to ASCII digits and whether a plus stood in front.</summary>
internal static class PhoneNumberText
{
    /// <summary>
    /// The longest text that is looked at, in UTF-16 units: room for digits and separators outside the BMP, and cheap to refuse beyond.
    /// </summary>
    private const int MaxTextLength = 64;

    private const int MinusSign = 0x2212;
    private const int KatakanaLongVowel = 0x30FC;
    private const int HalfWidthLongVowel = 0xFF70;

    /// <summary>Reads a text; null when something in it belongs to no phone number.</summary>
    /// <param name="text">What a person typed or pasted.</param>
    public static (string Digits, bool HasPlus)? Read(string? text)
    {
        if (text is null || text.Length > MaxTextLength)
            return null;
        var runes = text.EnumerateRunes().ToList();
        var first = runes.FindIndex(rune => !IsMargin(rune));
        var last = runes.FindLastIndex(rune => !IsMargin(rune));
        var digits = new StringBuilder();
        var hasPlus = false;
        for (var at = Math.Max(first, 0); at <= last; at++)
        {
            var rune = runes[at];
            if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.DecimalDigitNumber)
                digits.Append((char)('0' + (int)Rune.GetNumericValue(rune)));
            else if (rune.Value is '+' or 0xFF0B && !hasPlus && digits.Length == 0)
                hasPlus = true;
            else if (!IsSeparator(rune))
                return null;
        }
        return (digits.ToString(), hasPlus);
    }

    // Contact books wrap a number in marks of writing direction (U+200E, U+200F, U+061C, U+202A to U+202E, U+2066 to U+2069): nobody sees
    // them, so they are no fault of who pastes.
    private static bool IsMargin(Rune rune) =>
        rune.Value is 0x061C or 0x200E or 0x200F or (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069)
        || Rune.GetUnicodeCategory(rune) is UnicodeCategory.SpaceSeparator;

    private static bool IsSeparator(Rune rune) => rune.Value switch
    {
        '.' or 0x00B7 or 0xFF0E => true,
        '(' or ')' or '[' or ']' or 0xFF08 or 0xFF09 or 0xFF3B or 0xFF3D => true,
        MinusSign or KatakanaLongVowel or HalfWidthLongVowel => true,
        _ => Rune.GetUnicodeCategory(rune) is UnicodeCategory.SpaceSeparator or UnicodeCategory.DashPunctuation,
    };
}
