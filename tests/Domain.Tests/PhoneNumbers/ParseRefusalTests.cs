using PhoneAuth.Domain.PhoneNumbers;

namespace PhoneAuth.Domain.Tests.PhoneNumbers;

public sealed class ParseRefusalTests
{
    [Test]
    public void A_refusal_names_the_field_and_its_message()
    {
        var error = PhoneNumber.Parse("+7900123", "7").Error!;

        Assert.That(error.Kind, Is.EqualTo(ErrorKind.Validation));
        Assert.That(error.Fields!["phoneNumber"], Is.EqualTo(new[] { PhoneNumber.InvalidMessage }));
    }

    [TestCase(null)]
    [TestCase("")]
    [TestCase("   ")]
    [TestCase("+")]
    [TestCase("00")]
    [TestCase("()-")]
    public void Nothing_is_no_number(string? text) => Refused(text);

    [TestCase("+7900123")]
    [TestCase("+790012345678")]
    [TestCase("900123456")]
    [TestCase("890012345678")]
    [TestCase("+7 8 900 123 45 67")]
    [TestCase("+7 (0) 900 123 45 6")]
    [TestCase("+4420794609581")]
    [TestCase("+4912345678901234")]
    [TestCase("+43 12345678901234")]
    [TestCase("+22997123456", Description = "Benin before 2024")]
    [TestCase("+5411152345678 9", Description = "Argentina's 15 inside")]
    public void A_length_that_the_country_does_not_have_is_refused(string text) => Refused(text);

    [TestCase("+44 (0)(0)20 7946 095")]
    [TestCase("+352 (0) 621 123 456")]
    [TestCase("+34 (0)61234567")]
    [TestCase("+1 112 555 0123")]
    [TestCase("+1 212 155 0123")]
    [TestCase("+39 206 123 456")]
    [TestCase("+39 347 123 45678")]
    [TestCase("+54 9112345678")]
    public void A_first_digit_that_the_country_does_not_have_is_refused(string text) => Refused(text);

    [TestCase("+999123456789")]
    [TestCase("+0123456789")]
    [TestCase("+800 1234 5678", Description = "freephone")]
    [TestCase("+808 1234 5678", Description = "shared cost")]
    [TestCase("+878 10 1234567890", Description = "personal numbers")]
    [TestCase("+979 123 456 789", Description = "premium rate")]
    [TestCase("+210 123 456 789", Description = "spare")]
    [TestCase("00 00 7 900 123 45 67")]
    [TestCase("+00 7 900 123 45 67")]
    public void A_country_code_that_nobody_has_is_refused(string text) => Refused(text);

    [TestCase("447911123456")]
    [TestCase("375291234567")]
    [TestCase("8 10 44 7911 123456")]
    public void The_code_of_another_country_is_not_guessed_without_a_plus(string text) => Refused(text);

    [TestCase("+7900123456a")]
    [TestCase("+7900123456\u0431")]
    [TestCase("tel:+79001234567")]
    [TestCase("+79001234567 ext. 1")]
    [TestCase("+7900/1234567")]
    [TestCase("+79001234567,")]
    [TestCase("+79001234567#")]
    [TestCase("*79001234567")]
    [TestCase("++79001234567")]
    [TestCase("7+9001234567")]
    [TestCase("79001234567+")]
    [TestCase("+7900\u2022\u2022\u20224567")]
    [TestCase("+790012345\u00B2\u00B3", Description = "superscripts are no decimal digits")]
    [TestCase("+7900123456\u2466", Description = "circled digits are no decimal digits")]
    [TestCase("+7900123456\u4E03", Description = "a Chinese numeral is a letter")]
    public void What_belongs_to_no_number_is_refused(string text) => Refused(text);

    [TestCase("\t+79001234567")]
    [TestCase("+79001234567\n")]
    [TestCase("+7900\01234567")]
    [TestCase("+7900\u200B1234567", Description = "zero-width space")]
    [TestCase("+79001234567\u200B", Description = "zero-width space behind")]
    [TestCase("+7900\u200E1234567", Description = "a mark of direction inside")]
    [TestCase("+7900\u202E1234567", Description = "an override inside")]
    [TestCase("+7900\u00AD1234567", Description = "soft hyphen")]
    [TestCase("\uFEFF+79001234567", Description = "byte order mark")]
    [TestCase("+7900\u20281234567", Description = "line separator")]
    [TestCase("+7900\uD8351234567", Description = "half a surrogate pair")]
    public void What_cannot_be_seen_is_refused(string text) => Refused(text);

    [Test]
    public void A_text_of_sixty_four_characters_is_read_and_one_more_is_refused()
    {
        Assert.That(PhoneNumber.Parse("+79001234567".PadRight(64), "7").IsSuccess, Is.True);
        Refused("+79001234567".PadRight(65));
    }

    [TestCase(42)]
    [TestCase(61)]
    public void Digits_beyond_fifteen_never_wrap_around_to_a_length_that_fits(int more) => Refused("+7" + new string('9', more));

    private static void Refused(string? text) => Assert.That(PhoneNumber.Parse(text, "7").IsSuccess, Is.False);
}
