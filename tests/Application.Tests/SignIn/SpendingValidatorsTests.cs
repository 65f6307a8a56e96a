using PhoneAuth.Application.SignIn;
using PhoneAuth.Domain.Spending;

namespace PhoneAuth.Application.Tests.SignIn;

public class SpendingValidatorsTests
{
    [Test]
    public void What_is_the_default_is_good()
    {
        Assert.That(Wrong(new BudgetPolicy()), Is.Empty);
        Assert.That(Wrong(new BrakePolicy()), Is.Empty);
    }

    [Test]
    public void No_budget_is_below_zero_and_zero_is_no_limit()
    {
        Assert.That(Wrong(new BudgetPolicy { MaxPerHour = -1, MaxPerDay = -1 }), Is.EqualTo(new[] { "MaxPerHour", "MaxPerDay" }));
        Assert.That(Wrong(new BudgetPolicy { MaxPerHour = 0, MaxPerDay = 0 }), Is.Empty);
    }

    [TestCase("7", 0, ExpectedResult = "")]
    [TestCase("7", -1, ExpectedResult = "The budget of '7' is below 0.")]
    [TestCase("+7", 1, ExpectedResult = "There is no country code '+7'; it is written without the plus.")]
    [TestCase("999", 1, ExpectedResult = "There is no country code '999'; it is written without the plus.")]
    public string A_countrys_budget_is_named_by_its_code(string code, int perDay) => string.Join(' ', new BudgetPolicyValidator()
        .Validate(new BudgetPolicy { MaxPerDayByCountry = new Dictionary<string, int>(StringComparer.Ordinal) { [code] = perDay } })
        .Errors.Select(error => error.ErrorMessage));

    [Test]
    public void The_brake_is_off_records_or_enforces() => Assert.That(Wrong(new BrakePolicy { Brake = (BrakeMode)3 }), Is.EqualTo(new[] { "Brake" }));

    [Test]
    public void A_brake_that_is_on_lets_one_text_through()
    {
        var limits = new BrakeLimits { CountryPerHour = 0, CountryPerDay = 0, AddressPerHour = 0, AddressPerDay = 0 };
        Assert.That(Wrong(new BrakePolicy { BrakeLimits = limits }), Is.EqualTo(new[]
        {
            "BrakeLimits.CountryPerHour", "BrakeLimits.CountryPerDay", "BrakeLimits.AddressPerHour", "BrakeLimits.AddressPerDay",
        }));
    }

    [TestCase(-0.1, false)]
    [TestCase(0, true)]
    [TestCase(10, true)]
    [TestCase(10.1, false)]
    public void A_share_is_ten_times_what_was_verified_at_most(double share, bool isGood)
    {
        var limits = new BrakeLimits { CountryHourShare = share, CountryDayShare = share, AddressHourShare = share, AddressDayShare = share };
        Assert.That(Wrong(new BrakePolicy { BrakeLimits = limits }), isGood ? Is.Empty : Is.EqualTo(new[]
        {
            "BrakeLimits.CountryHourShare", "BrakeLimits.CountryDayShare", "BrakeLimits.AddressHourShare", "BrakeLimits.AddressDayShare",
        }));
    }

    private static IEnumerable<string> Wrong(BudgetPolicy policy) => new BudgetPolicyValidator().Validate(policy).Errors.Select(error => error.PropertyName);

    private static IEnumerable<string> Wrong(BrakePolicy policy) => new BrakePolicyValidator().Validate(policy).Errors.Select(error => error.PropertyName);
}
