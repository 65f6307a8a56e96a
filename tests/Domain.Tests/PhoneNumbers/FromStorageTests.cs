using PhoneAuth.Domain.PhoneNumbers;

namespace PhoneAuth.Domain.Tests.PhoneNumbers;

public sealed class FromStorageTests
{
    [Test]
    public void A_stored_number_comes_back_with_its_country_code()
    {
        var phone = PhoneNumber.FromStorage("+375291234567");

        Assert.That(phone.E164, Is.EqualTo("+375291234567"));
        Assert.That(phone.CountryCode, Is.EqualTo("375"));
    }

    [Test]
    public void A_number_of_a_plan_that_has_changed_since_can_still_be_read() =>
        Assert.That(PhoneNumber.FromStorage("+22997123456").CountryCode, Is.EqualTo("229"));

    [TestCase(null)]
    [TestCase("")]
    [TestCase("+")]
    [TestCase("+7")]
    [TestCase("79001234567")]
    [TestCase("+7 9001234567")]
    [TestCase("+7900123456\uFF17")]
    [TestCase("+999123456789")]
    [TestCase("+7900123456789012")]
    public void What_is_not_E164_is_a_fault(string? text) =>
        Assert.That(() => PhoneNumber.FromStorage(text!), Throws.TypeOf<FormatException>());
}
