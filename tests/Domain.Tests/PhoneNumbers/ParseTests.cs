using PhoneAuth.Domain.PhoneNumbers;

namespace PhoneAuth.Domain.Tests.PhoneNumbers;

public sealed class ParseTests
{
    [TestCase("+79001234567")]
    [TestCase("0079001234567")]
    [TestCase("79001234567")]
    [TestCase("89001234567")]
    [TestCase("9001234567")]
    [TestCase("8 (900) 123-45-67")]
    [TestCase("+7 (900) 123-45-67")]
    [TestCase("(+7) 900 123 45 67")]
    [TestCase("+ 7 900 123 45 67")]
    [TestCase("00 7 900 123 45 67")]
    [TestCase("+7.900.123.45.67")]
    [TestCase("[900] 123.45.67")]
    [TestCase("  8-900-123-45-67  ")]
    public void A_Russian_mobile_is_one_number_in_every_spelling(string text) =>
        Assert.That(E164(text, "7"), Is.EqualTo("+79001234567"));

    [TestCase("\uFF0B\uFF17\uFF19\uFF10\uFF10\uFF11\uFF12\uFF13\uFF14\uFF15\uFF16\uFF17", TestName = "full-width plus and digits")]
    [TestCase("+7\uFF08900\uFF09123\uFF0D45\uFF0E67", TestName = "full-width brackets, dash and dot")]
    [TestCase("\u0660\u0660\u0667\u0669\u0660\u0660\u0661\u0662\u0663\u0664\u0665\u0666\u0667", TestName = "Arabic digits")]
    [TestCase("+\u096D\u096F\u0966\u0966\u0967\u0968\u0969\u096A\u096B\u096C\u096D", TestName = "Devanagari digits")]
    [TestCase("+7900123456\U0001D7D5", TestName = "a mathematical digit outside the basic plane")]
    [TestCase("+7\u00A0900\u2009123\u202F45\u300067", TestName = "no-break, thin, narrow and ideographic space")]
    [TestCase("+7\u2010900\u2011123\u201245\u201367", TestName = "hyphens and short dashes")]
    [TestCase("+7\u2014900\u2015123\u221245\uFE6367", TestName = "long dashes and minus signs")]
    [TestCase("8\u30FC900\u30FC123\uFF7045\uFF7067", TestName = "the long vowel marks of Japanese keyboards")]
    [TestCase("\u202A+7 900 123-45-67\u202C", TestName = "wrapped in an embedding, as contact books do")]
    [TestCase("\u202E+79001234567\u202C", TestName = "wrapped in an override")]
    [TestCase("\u2066+79001234567\u2069 ", TestName = "wrapped in an isolate, with a space behind")]
    [TestCase("\u200E\u200F\u061C+79001234567", TestName = "marks of direction in front")]
    public void Every_script_spells_the_same_number(string text) =>
        Assert.That(E164(text, "7"), Is.EqualTo("+79001234567"));

    [TestCase("+44 (0)20 7946 0958", "+442079460958")]
    [TestCase("+44 020 7946 0958", "+442079460958")]
    [TestCase("0044 20 7946 0958", "+442079460958")]
    [TestCase("+39 06 6982 1234", "+390669821234")]
    [TestCase("+39 347 123 4567", "+393471234567")]
    [TestCase("+225 01 23 45 67 89", "+2250123456789")]
    [TestCase("+36 (06) 20 123 4567", "+36201234567")]
    [TestCase("+52 1 55 1234 5678", "+525512345678")]
    [TestCase("+52 55 1234 5678", "+525512345678")]
    [TestCase("+54 9 11 2345 6789", "+5491123456789")]
    [TestCase("+1 (212) 555-0123", "+12125550123")]
    [TestCase("+43 1234567890123", "+431234567890123", TestName = "Austria: fifteen digits, the most there are")]
    [TestCase("+7 800 123 45 67", "+78001234567")]
    [TestCase("+7 701 123 45 67", "+77011234567")]
    public void After_a_plus_the_default_country_does_not_matter(string text, string expected)
    {
        Assert.That(E164(text, "7"), Is.EqualTo(expected));
        Assert.That(E164(text, "49"), Is.EqualTo(expected));
    }

    [TestCase("1", "(212) 555-0123", "+12125550123")]
    [TestCase("1", "1-212-555-0123", "+12125550123")]
    [TestCase("44", "020 7946 0958", "+442079460958")]
    [TestCase("44", "20 7946 0958", "+442079460958")]
    [TestCase("44", "44 (0)20 7946 0958", "+442079460958")]
    [TestCase("36", "06 20 123 4567", "+36201234567")]
    [TestCase("370", "8 612 34567", "+37061234567")]
    [TestCase("370", "0 612 34567", "+37061234567")]
    [TestCase("375", "8 029 123 45 67", "+375291234567")]
    [TestCase("375", "80291234567", "+375291234567")]
    [TestCase("380", "050 123 45 67", "+380501234567")]
    [TestCase("993", "8 66 123456", "+99366123456")]
    [TestCase("52", "044 55 1234 5678", "+525512345678")]
    [TestCase("52", "01 55 1234 5678", "+525512345678")]
    [TestCase("52", "5512345678", "+525512345678")]
    [TestCase("54", "011 2345 6789", "+541123456789")]
    [TestCase("45", "34 41 23 45", "+4534412345")]
    [TestCase("65", "6512 3456", "+6565123456")]
    [TestCase("53", "53123456", "+5353123456")]
    [TestCase("39", "06 6982 1234", "+390669821234")]
    [TestCase("241", "077 12 34 56", "+24177123456")]
    public void A_national_number_is_read_with_the_default_country(string home, string text, string expected) =>
        Assert.That(E164(text, home), Is.EqualTo(expected));

    [TestCase("62", "628123456789", "+628123456789", TestName = "Indonesia: a code without its plus, though twelve digits could be national")]
    [TestCase("62", "0812 3456 789", "+628123456789", TestName = "Indonesia: the same mobile at home")]
    [TestCase("49", "4915123456789", "+4915123456789", TestName = "Germany: a code without its plus")]
    [TestCase("49", "0491 12345", "+4949112345", TestName = "Germany: an area code that looks like the country code")]
    [TestCase("39", "392 123 4567", "+393921234567", TestName = "Italy: a mobile that looks like the country code")]
    [TestCase("39", "39 392 123 4567", "+393921234567", TestName = "Italy: the same mobile behind the country code")]
    [TestCase("39", "39333123456", "+39333123456", TestName = "Italy: an old, shorter mobile behind the country code")]
    [TestCase("55", "55 99123 4567", "+5555991234567", TestName = "Brazil: an area code that is the country code")]
    public void Where_country_code_and_number_could_be_mixed_up_one_reading_wins(string home, string text, string expected) =>
        Assert.That(E164(text, home), Is.EqualTo(expected));

    [Test]
    public void The_country_code_is_split_off() =>
        Assert.That(PhoneNumber.Parse("+375 29 123 45 67", "7").Value!.CountryCode, Is.EqualTo("375"));

    [Test]
    public void Two_spellings_of_one_number_are_equal()
    {
        var one = PhoneNumber.Parse("8 (900) 123-45-67", "7").Value;
        var other = PhoneNumber.Parse("+79001234567", "44").Value;

        Assert.That(one, Is.EqualTo(other));
        Assert.That(one!.GetHashCode(), Is.EqualTo(other!.GetHashCode()));
        Assert.That(one, Is.Not.EqualTo(PhoneNumber.Parse("+79001234568", "7").Value));
    }

    [TestCase("999")]
    [TestCase("+7")]
    [TestCase("")]
    public void A_default_country_that_does_not_exist_is_a_fault(string home) =>
        Assert.That(() => PhoneNumber.Parse("+79001234567", home), Throws.ArgumentException);

    private static string? E164(string text, string home) => PhoneNumber.Parse(text, home).Value?.E164;
}
