using PhoneAuth.Domain.Spending;

namespace PhoneAuth.Domain.Tests.Spending;

internal sealed class BrakePolicyTests
{
    private static readonly BrakePolicy Policy = new();

    [TestCase(0, 0, ExpectedResult = null, TestName = "Nothing was sent")]
    [TestCase(2, 0, ExpectedResult = null, TestName = "A third text nobody has typed back yet")]
    [TestCase(3, 0, ExpectedResult = "country_hour", TestName = "A fourth")]
    [TestCase(119, 100, ExpectedResult = null, TestName = "A fifth of what was verified")]
    [TestCase(120, 100, ExpectedResult = "country_hour", TestName = "More than a fifth")]
    [TestCase(0, 50, ExpectedResult = null, TestName = "More verified than sent")]
    public string? The_hour_of_a_country(long sent, long verified) => Policy.ExceededBy(new CountryTraffic(new Traffic(sent, verified), default));

    [TestCase(19, 0, ExpectedResult = null, TestName = "A twentieth of a day")]
    [TestCase(20, 0, ExpectedResult = "country_day", TestName = "A twenty-first")]
    [TestCase(1299, 1000, ExpectedResult = null, TestName = "Three tenths of what was verified")]
    [TestCase(1300, 1000, ExpectedResult = "country_day", TestName = "More than three tenths")]
    public string? The_day_of_a_country(long sent, long verified) => Policy.ExceededBy(new CountryTraffic(default, new Traffic(sent, verified)));
}
