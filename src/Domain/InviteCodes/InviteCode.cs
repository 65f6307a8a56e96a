using System.Globalization;
using System.Text;

namespace PhoneAuth.Domain.InviteCodes;

/// <summary>
/// Six characters of an alphabet that nobody misreads (no 0/O, no 1/I), owned by one user. About 1.07 billion codes, 30 bits each.
/// </summary>
public sealed record InviteCode
{
    /// <summary>How many characters a code has.</summary>
    public const int Length = 6;

    /// <summary>The 32 characters a code is made of, five bits each.</summary>
    public const string Alphabet = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

    private const int MaxTextLength = 32;

    private InviteCode(string value) => Value = value;

    /// <summary>The code, six upper-case characters of <see cref="Alphabet"/>.</summary>
    public string Value { get; }

    /// <summary>Reads a code as a person types it: without regard to case, spaces and dashes.</summary>
    /// <param name="text">What was typed.</param>
    /// <returns>The code, or null where it is not six characters of the alphabet.</returns>
    public static InviteCode? Parse(string? text)
    {
        if (text is null || text.Length > MaxTextLength)
        {
            return null;
        }

        var code = new StringBuilder(Length);
        foreach (var rune in text.EnumerateRunes())
        {
            var category = Rune.GetUnicodeCategory(rune);
            if (category is UnicodeCategory.SpaceSeparator or UnicodeCategory.DashPunctuation || rune.Value is '\t' or '\u2212')
            {
                continue;
            }

            var character = rune.IsAscii ? char.ToUpperInvariant((char)rune.Value) : '\0';
            if (!Alphabet.Contains(character, StringComparison.Ordinal) || code.Length == Length)
            {
                return null;
            }

            code.Append(character);
        }

        return code.Length == Length ? new InviteCode(code.ToString()) : null;
    }

    /// <summary>Makes a code of random bytes, every code as likely as every other.</summary>
    /// <param name="random">Six bytes of a cryptographic source; five bits of each are used.</param>
    public static InviteCode FromRandom(ReadOnlySpan<byte> random)
    {
        Span<char> code = stackalloc char[Length];
        for (var i = 0; i < Length; i++)
        {
            code[i] = Alphabet[random[i] % Alphabet.Length];
        }

        return new InviteCode(new string(code));
    }

    /// <summary>Trusts a code that our own database kept.</summary>
    /// <param name="value">The stored code.</param>
    public static InviteCode FromStorage(string value) => new(value);

    /// <inheritdoc/>
    public override string ToString() => Value;
}
