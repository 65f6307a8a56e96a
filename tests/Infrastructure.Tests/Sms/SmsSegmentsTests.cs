using PhoneAuth.Infrastructure.Sms;

namespace PhoneAuth.Infrastructure.Tests.Sms;

public class SmsSegmentsTests
{
    [TestCase("", 1)]
    [TestCase("a160", 1)]
    [TestCase("a161", 2)]
    [TestCase("a306", 2)]
    [TestCase("a307", 3)]
    [TestCase("ж70", 1)]
    [TestCase("ж71", 2)]
    [TestCase("ж134", 2)]
    [TestCase("ж135", 3)]
    [TestCase("€80", 1)]
    [TestCase("€81", 2)]
    public void Segments_are_of_160_and_153_septets_or_of_70_and_67_units(string oneCharacterAndHowOften, int segments) =>
        Assert.That(SmsSegments.Count(Repeated(oneCharacterAndHowOften)), Is.EqualTo(segments));

    [Test]
    public void An_escape_is_not_parted_from_what_it_escapes()
    {
        Assert.That(SmsSegments.Count(new string('a', 152) + "€" + new string('a', 152)), Is.EqualTo(3));
        Assert.That(SmsSegments.Count(new string('a', 151) + "€" + new string('a', 153)), Is.EqualTo(2));
    }

    [Test]
    public void The_halves_of_a_surrogate_pair_are_not_parted()
    {
        Assert.That(SmsSegments.Count(new string('ж', 66) + "😀" + new string('ж', 66)), Is.EqualTo(3));
        Assert.That(SmsSegments.Count(new string('ж', 65) + "😀" + new string('ж', 67)), Is.EqualTo(2));
    }

    [TestCase("0427 is your sign-in code.\n@example.com #0427", true)]
    [TestCase("^{}\\[~]|€ÄÖÑÜ§¿äöñüàΔΩ", true)]
    [TestCase("`", false)]
    [TestCase("0427 – code", false)]
    [TestCase("код", false)]
    public void The_alphabet_is_that_of_GSM_with_its_extension(string text, bool isGsm7) => Assert.That(SmsSegments.IsGsm7(text), Is.EqualTo(isGsm7));

    [TestCase("a160", 140)]
    [TestCase("a8", 7)]
    [TestCase("a9", 8)]
    [TestCase("€4", 7)]
    [TestCase("ж70", 140)]
    public void Bytes_are_those_on_the_air(string oneCharacterAndHowOften, int bytes) =>
        Assert.That(SmsSegments.Bytes(Repeated(oneCharacterAndHowOften)), Is.EqualTo(bytes));

    private static string Repeated(string oneCharacterAndHowOften) => oneCharacterAndHowOften.Length == 0
        ? ""
        : new string(oneCharacterAndHowOften[0], int.Parse(oneCharacterAndHowOften.AsSpan(1), System.Globalization.CultureInfo.InvariantCulture));
}
