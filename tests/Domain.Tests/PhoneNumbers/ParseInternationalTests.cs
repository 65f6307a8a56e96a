using PhoneAuth.Domain.PhoneNumbers;

namespace PhoneAuth.Domain.Tests.PhoneNumbers;

public sealed class ParseInternationalTests
{
    [TestCase("+79001234567")]
    [TestCase("79001234567")]
    public void The_plus_may_be_left_out(string text) =>
        Assert.That(PhoneNumber.ParseInternational(text).Value, Is.EqualTo(PhoneNumber.FromStorage("+79001234567")));

    [Test]
    public void Fifteen_digits_are_the_most_there_are() =>
        Assert.That(PhoneNumber.ParseInternational("+358401234567890").Value?.E164, Is.EqualTo("+358401234567890"));

    [TestCase(null)]
    [TestCase("")]
    [TestCase("+")]
    [TestCase(" 79001234567")]
    [TestCase("79001234567 ")]
    [TestCase("+7 9001234567")]
    [TestCase("++79001234567")]
    [TestCase("\uFF0B79001234567")]
    [TestCase("7900123456\uFF17")]
    [TestCase("7900123456a")]
    [TestCase("0079001234567")]
    [TestCase("89001234567")]
    [TestCase("9001234567")]
    [TestCase("+7900123")]
    [TestCase("+999123456789")]
    [TestCase("+4402079460958")]
    [TestCase("+5215512345678")]
    [TestCase("+79999999999999999999999999999999999999999999")]
    public void What_is_not_a_full_international_number_is_refused(string? text)
    {
        var result = PhoneNumber.ParseInternational(text);

        Assert.That(result.IsSuccess, Is.False);
        Assert.That(result.Error!.Fields!["phoneNumber"], Is.EqualTo(new[] { PhoneNumber.InvalidMessage }));
    }
}
