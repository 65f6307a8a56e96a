using PhoneAuth.Domain.Spending;

namespace PhoneAuth.Domain.Tests.Spending;

public class BudgetPolicyTests
{
    private static readonly BudgetPolicy Policy = new()
    {
        MaxPerHour = 10,
        MaxPerDay = 100,
        MaxPerDayByCountry = new Dictionary<string, int>(StringComparer.Ordinal) { ["7"] = 50 },
    };

    [Test]
    public void The_service_is_limited_by_the_hour_and_by_the_day() =>
        Assert.That(Policy.Service, Is.EqualTo(new BudgetLimits(Budget.ServiceScope, 10, 100)));

    [Test]
    public void A_country_is_limited_by_the_day_and_one_that_is_not_named_not_at_all()
    {
        Assert.That(Policy.Of("7"), Is.EqualTo(new BudgetLimits("7", 0, 50)));
        Assert.That(Policy.Of("375"), Is.EqualTo(new BudgetLimits("375", 0, 0)));
    }

    [TestCase(0, 0, ExpectedResult = false)]
    [TestCase(1, 0, ExpectedResult = true)]
    [TestCase(0, 1, ExpectedResult = true)]
    public bool There_is_a_limit_where_one_of_them_is(int perHour, int perDay) => new BudgetLimits("7", perHour, perDay).Any;
}
