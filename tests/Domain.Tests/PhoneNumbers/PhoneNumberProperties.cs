using FsCheck;
using FsCheck.Fluent;
using PhoneAuth.Domain.PhoneNumbers;

namespace PhoneAuth.Domain.Tests.PhoneNumbers;

public sealed class PhoneNumberProperties
{
    private static readonly string[] Separators =
        ["", "", "", " ", "-", ".", "(", ")", "\u00A0", "\u2009", "\u3000", "\u2010", "\u2013", "\u2212", "\uFF08", "\uFF09", "\uFF0E"];

    // Where the decimal digits of a script begin: ASCII, Arabic-Indic, Persian, Devanagari, Thai, full-width, mathematical bold (outside
    // the basic plane).
    private static readonly int[] Zeros = ['0', 0x0660, 0x06F0, 0x0966, 0x0E50, 0xFF10, 0x1D7CE];

    // Numbers that no zero or code has to be cut from: the country code stands behind a plus, and the numbers are those of the world's
    // mobiles, the last digits being any.
    private static readonly Gen<PhoneNumber> Numbers =
        from mobile in Gen.Elements(MobileNumbers.All.ToArray())
        from last in Gen.Choose(0, 99)
        select PhoneNumber.FromStorage($"+{mobile.CountryCode}{mobile.National[..^2]}{last:00}");

    private static readonly Gen<string> Typed =
        from characters in Gen.Elements("0123456789 0123456789+-.()/a\u00A0\u0667\uFF0B\u200E\u202A\0".ToCharArray()).ArrayOf()
        select new string(characters);

    [Test]
    public void Every_spelling_of_a_number_agrees() =>
        Prop.ForAll(Arb.From(Spellings()), spelling => Read(spelling.Text, "7") == spelling.Number).QuickCheckThrowOnFailure();

    [Test]
    public void Every_Russian_spelling_of_a_number_agrees() =>
        Prop.ForAll(Arb.From(RussianSpellings()), spelling => Read(spelling.Text, "7") == spelling.Number).QuickCheckThrowOnFailure();

    [Test]
    public void Reading_what_was_read_changes_nothing() =>
        Prop.ForAll(Arb.From(Typed), Arb.From(Homes()), (text, home) =>
            Read(text, home) is not { } number || (Read(number.E164, home) == number && PhoneNumber.FromStorage(number.E164) == number))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(5000));

    [Test]
    public void In_a_path_the_plus_makes_no_difference() =>
        Prop.ForAll(Arb.From(Numbers), number =>
            PhoneNumber.ParseInternational(number.E164).Value == number && PhoneNumber.ParseInternational(number.E164[1..]).Value == number)
            .QuickCheckThrowOnFailure();

    [Test]
    public void Of_any_text_a_path_and_a_body_with_a_plus_never_name_two_numbers() =>
        Prop.ForAll(Arb.From(Gen.Choose(0, 9).ArrayOf(13)), digits =>
        {
            var text = string.Concat(digits);
            var inPath = PhoneNumber.ParseInternational(text).Value;
            return inPath == PhoneNumber.ParseInternational("+" + text).Value && (inPath is null || inPath == Read("+" + text, "7"));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));

    [Test]
    public void No_mask_holds_its_number() =>
        Prop.ForAll(Arb.From(Numbers), number =>
            !number.ToString().Contains(number.E164[(1 + number.CountryCode.Length)..], StringComparison.Ordinal)
            && number.ToString().Contains('•', StringComparison.Ordinal)).QuickCheckThrowOnFailure();

    private static Gen<(PhoneNumber Number, string Text)> Spellings() =>
        from number in Numbers
        from prefix in Gen.Elements("+", "00", "\uFF0B", "\u202A+")
        from digits in Written(number.E164[1..])
        select (number, prefix + digits);

    private static Gen<(PhoneNumber Number, string Text)> RussianSpellings() =>
        from rest in Gen.Choose(0, 999_999_999)
        let national = $"9{rest:000000000}"
        from prefix in Gen.Elements("", "8", "7", "+7", "007", "8 ", "+7 (")
        from digits in Written(national)
        select (PhoneNumber.FromStorage("+7" + national), prefix + digits);

    private static Gen<string> Written(string digits) =>
        from separators in Gen.Elements(Separators).ArrayOf(digits.Length)
        from zero in Gen.Elements(Zeros)
        select string.Concat(digits.Select((digit, at) => char.ConvertFromUtf32(zero + digit - '0') + separators[at]));

    private static Gen<string> Homes() => Gen.Elements(CountryCodes.All.Select(plan => plan.CountryCode).ToArray());

    private static PhoneNumber? Read(string text, string home) => PhoneNumber.Parse(text, home).Value;
}
