using PhoneAuth.Application.SignIn;
using PhoneAuth.Domain.PhoneNumbers;
using PhoneAuth.Domain.Sessions;
using PhoneAuth.Domain.VerificationCodes;

namespace PhoneAuth.Application.Tests.SignIn;

public class SignInRulesTests
{
    [TestCase("0427", ExpectedResult = "0427")]
    [TestCase("\u0660\u0664\u0662\u0667", ExpectedResult = "0427", TestName = "Arabic digits")]
    [TestCase("\U0001D7CE\U0001D7D2\U0001D7D0\U0001D7D5", ExpectedResult = "0427", TestName = "digits of two code units each")]
    [TestCase(null, ExpectedResult = null)]
    [TestCase("", ExpectedResult = null)]
    [TestCase("042", ExpectedResult = null)]
    [TestCase("04271", ExpectedResult = null)]
    [TestCase("042700000", ExpectedResult = null)]
    [TestCase("042a", ExpectedResult = null)]
    [TestCase("042 7", ExpectedResult = null)]
    [TestCase("042\u2466", ExpectedResult = null, TestName = "a circled digit")]
    public string? A_code_is_as_many_decimal_digits_of_any_script_as_it_has(string? text) => SignInRules.ReadCode(text, 4);

    [TestCase("+79001234567", null, ExpectedResult = "")]
    [TestCase("+79001234567", "FA+9qCX9VSu", ExpectedResult = "")]
    [TestCase("+79001234567", "FA/9qCX9VSu", ExpectedResult = "")]
    [TestCase("+7900123456", null, ExpectedResult = PhoneNumber.InvalidMessage)]
    [TestCase("+79001234567", "FA+9qCX9VS", ExpectedResult = "An Android app hash has eleven characters of Base64.")]
    [TestCase("+79001234567", "FA+9qCX9VSuu", ExpectedResult = "An Android app hash has eleven characters of Base64.")]
    [TestCase("+79001234567", "FA-9qCX9VSu", ExpectedResult = "An Android app hash has eleven characters of Base64.")]
    [TestCase("+79001234567", "", ExpectedResult = "An Android app hash has eleven characters of Base64.")]
    public string Who_asks_for_a_code_names_a_number_and_perhaps_an_app(string? number, string? appHash) =>
        Faults(new SendCodeValidator(new PhoneNumberPolicy()).Validate(new SendCodeCommand(number, appHash)));

    [TestCase("8 900 123-45-67", "0427", null, ExpectedResult = "")]
    [TestCase("8 900 123-45-67", "0427", "Pixel 9", ExpectedResult = "")]
    [TestCase("hello", "0427", null, ExpectedResult = PhoneNumber.InvalidMessage)]
    [TestCase("8 900 123-45-67", "04270", null, ExpectedResult = VerificationCodeErrors.MalformedMessage)]
    [TestCase("8 900 123-45-67", null, null, ExpectedResult = VerificationCodeErrors.MalformedMessage)]
    [TestCase("8 900 123-45-67", "0427", "Pixel\n9", ExpectedResult = SessionErrors.DeviceNameMessage)]
    public string Who_signs_in_names_a_number_a_code_and_perhaps_a_device(string? number, string? code, string? device) => Faults(Verify(number, code, device));

    [Test]
    public void A_device_has_a_name_of_sixty_four_characters_at_most()
    {
        Assert.That(Verify("+79001234567", "0427", new string('x', 64)).IsValid, Is.True);
        Assert.That(Verify("+79001234567", "0427", new string('x', 65)).IsValid, Is.False);
    }

    private static FluentValidation.Results.ValidationResult Verify(string? number, string? code, string? device) =>
        new VerifyCodeValidator(new PhoneNumberPolicy(), new VerificationPolicy()).Validate(new VerifyCodeCommand(number, code, device));

    private static string Faults(FluentValidation.Results.ValidationResult result) => string.Join(' ', result.Errors.Select(error => error.ErrorMessage));
}
