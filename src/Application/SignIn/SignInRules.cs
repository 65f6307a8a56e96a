using System.Buffers;
using System.Globalization;
using System.Text;
using FluentValidation;
using PhoneAuth.Domain.PhoneNumbers;
using PhoneAuth.Domain.VerificationCodes;

namespace PhoneAuth.Application.SignIn;

/// <summary>The shapes that sign-in asks of what people type.</summary>
internal static class SignInRules
{
    private const int AppHashLength = 11;

    private static readonly SearchValues<char> AppHashCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");

    /// <summary>A possible phone number in any spelling.</summary>
    public static void IsPhoneNumber<T>(this IRuleBuilder<T, string?> rule, PhoneNumberPolicy numbers) =>
        rule.Must(text => PhoneNumber.Parse(text, numbers.DefaultCountryCode).IsSuccess).WithMessage(PhoneNumber.InvalidMessage);

    /// <summary>The hash by which Android knows an app: eleven characters of Base64, or none.</summary>
    public static void IsAppHash<T>(this IRuleBuilder<T, string?> rule) =>
        rule.Must(text => text is null || text.Length == AppHashLength && !text.AsSpan().ContainsAnyExcept(AppHashCharacters))
            .WithMessage("An Android app hash has eleven characters of Base64.");

    /// <summary>As many decimal digits as a code has.</summary>
    public static void IsCode<T>(this IRuleBuilder<T, string?> rule, int length) =>
        rule.Must(text => ReadCode(text, length) is not null).WithMessage(VerificationCodeErrors.MalformedMessage);

    /// <summary>Reads a code in any script's digits as ASCII digits; null where it is anything else, or of another length.</summary>
    public static string? ReadCode(string? text, int length)
    {
        if (text is null || text.Length > 2 * length)
        {
            return null;
        }

        var digits = new StringBuilder(length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.GetUnicodeCategory(rune) != UnicodeCategory.DecimalDigitNumber)
            {
                return null;
            }

            digits.Append((int)Rune.GetNumericValue(rune));
        }

        return digits.Length == length ? digits.ToString() : null;
    }
}
