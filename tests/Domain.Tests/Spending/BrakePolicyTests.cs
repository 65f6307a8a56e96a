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

    [TestCase(4, 0, ExpectedResult = null, TestName = "A fifth text nobody has typed back yet")]
    [TestCase(5, 0, ExpectedResult = "address_hour", TestName = "A sixth")]
    [TestCase(149, 100, ExpectedResult = null, TestName = "Half of what it verified")]
    [TestCase(150, 100, ExpectedResult = "address_hour", TestName = "More than half")]
    public string? The_hour_of_an_address(long sent, long verified) => Policy.ExceededBy(new Traffic(sent, verified), default);

    [TestCase(9, 0, ExpectedResult = null, TestName = "A tenth of a day")]
    [TestCase(10, 0, ExpectedResult = "address_day", TestName = "An eleventh")]
    [TestCase(299, 200, ExpectedResult = null, TestName = "Half of what it verified in a day")]
    [TestCase(300, 200, ExpectedResult = "address_day", TestName = "More than half in a day")]
    public string? The_day_of_an_address(long sent, long verified) => Policy.ExceededBy(default, new Traffic(sent, verified));

    [TestCase(BrakeMode.Off, ExpectedResult = false)]
    [TestCase(BrakeMode.Record, ExpectedResult = true)]
    [TestCase(BrakeMode.Enforce, ExpectedResult = true)]
    public bool It_counts_unless_it_is_off(BrakeMode mode) => new BrakePolicy { Brake = mode }.IsOn;

    [Test]
    public void Two_windows_traffic_adds_up() => Assert.That(new Traffic(5, 2) + new Traffic(7, 3), Is.EqualTo(new Traffic(12, 5)));
}
