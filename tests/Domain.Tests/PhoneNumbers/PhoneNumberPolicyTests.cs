using PhoneAuth.Domain.PhoneNumbers;

namespace PhoneAuth.Domain.Tests.PhoneNumbers;

public sealed class PhoneNumberPolicyTests
{
    private static readonly PhoneNumber Russian = PhoneNumber.FromStorage("+79001234567");

    [Test]
    public void Unless_the_settings_say_otherwise_a_national_number_is_Russian_and_every_country_is_sent_to()
    {
        var policy = new PhoneNumberPolicy();
        Assert.That(PhoneNumber.Parse("8 900 123-45-67", policy.DefaultCountryCode).Value, Is.EqualTo(Russian));
        Assert.That(policy.Allows(Russian), Is.True);
    }

    [Test]
    public void Of_an_allow_list_its_countries_are_sent_to_and_no_other()
    {
        var policy = new PhoneNumberPolicy { AllowedCountryCodes = ["375", "77"] };
        Assert.That(policy.Allows(PhoneNumber.FromStorage("+375291234567")), Is.True);
        Assert.That(policy.Allows(Russian), Is.False, "the beginning of a code is another's");
    }
}
