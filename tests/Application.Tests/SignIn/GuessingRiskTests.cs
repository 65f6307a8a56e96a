using PhoneAuth.Application.SignIn;
using PhoneAuth.Domain.Addresses;

namespace PhoneAuth.Application.Tests.SignIn;

public class GuessingRiskTests
{
    [TestCase(4, 0.003)]
    [TestCase(6, 0.00003)]
    [TestCase(8, 0.0000003)]
    public void The_table_of_the_readme_is_what_the_default_limits_come_to(int digits, double expected) =>
        Assert.That(GuessingRisk.TakeoversPerAddressAndDay(new AddressPolicy(), digits), Is.EqualTo(expected).Within(1e-12));

    [Test]
    public void Without_a_daily_limit_the_limit_by_the_minute_bounds_the_guesses() => Assert.That(
        GuessingRisk.TakeoversPerAddressAndDay(new AddressPolicy { FailedCodesPerDay = 0, VerifyCodePerMinute = 30 }, 4),
        Is.EqualTo(30 * 24 * 60 / 10_000d).Within(1e-12));

    [Test]
    public void Without_any_limit_nothing_bounds_them() => Assert.That(
        GuessingRisk.TakeoversPerAddressAndDay(new AddressPolicy { FailedCodesPerDay = 0, VerifyCodePerMinute = 0 }, 8),
        Is.EqualTo(double.PositiveInfinity));
}
