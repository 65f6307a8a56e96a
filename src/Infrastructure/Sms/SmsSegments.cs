using System.Buffers;

namespace PhoneAuth.Infrastructure.Sms;

/// <summary>
/// What a text costs on the air (3GPP TS 23.038 and 23.040). A text of the GSM 7-bit alphabet has 160 septets in one segment and 153 in each
/// of several; any other character makes the whole text UCS-2, with 70 units of 16 bits in one and 67 in each of several.
/// </summary>
public static class SmsSegments
{
    private const string Alphabet =
        "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";

    private const string Extension = "\f^{}\\[~]|€";

    private static readonly SearchValues<char> Known = SearchValues.Create(Alphabet + Extension);
    private static readonly SearchValues<char> Escaped = SearchValues.Create(Extension);

    /// <summary>Whether every character is of the GSM 7-bit alphabet or its extension table.</summary>
    /// <param name="text">The text.</param>
    public static bool IsGsm7(string text) => !text.AsSpan().ContainsAnyExcept(Known);

    /// <summary>How many segments a text takes, one at least.</summary>
    /// <param name="text">The text.</param>
    public static int Count(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return IsGsm7(text)
            ? Count(text.Select(SeptetsOf), single: 160, several: 153)
            : Count(text.EnumerateRunes().Select(rune => rune.Utf16SequenceLength), single: 70, several: 67);
    }

    /// <summary>How many bytes a text takes on the air, without the headers of its segments.</summary>
    /// <param name="text">The text.</param>
    public static int Bytes(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return IsGsm7(text) ? (text.Sum(SeptetsOf) * 7 + 7) / 8 : text.Length * 2;
    }

    private static int SeptetsOf(char character) => Escaped.Contains(character) ? 2 : 1;

    // An escape and what it escapes, or the halves of a surrogate pair, are never parted.
    private static int Count(IEnumerable<int> costs, int single, int several)
    {
        var (total, segments, filled) = (0, 1, 0);
        foreach (var cost in costs)
        {
            total += cost;
            (segments, filled) = filled + cost > several ? (segments + 1, cost) : (segments, filled + cost);
        }

        return total <= single ? 1 : segments;
    }
}
