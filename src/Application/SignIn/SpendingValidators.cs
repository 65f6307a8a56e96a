using FluentValidation;
using PhoneAuth.Domain.PhoneNumbers;
using PhoneAuth.Domain.Spending;

namespace PhoneAuth.Application.SignIn;

/// <summary>What the budgets under <c>Sms</c> may be.</summary>
internal sealed class BudgetPolicyValidator : AbstractValidator<BudgetPolicy>
{
    public BudgetPolicyValidator()
    {
        RuleFor(policy => policy.MaxPerHour).GreaterThanOrEqualTo(0);
        RuleFor(policy => policy.MaxPerDay).GreaterThanOrEqualTo(0);
        RuleForEach(policy => policy.MaxPerDayByCountry)
            .Must(country => CountryCodes.Exists(country.Key)).WithMessage((_, country) => $"There is no country code '{country.Key}'; it is written without the plus.")
            .Must(country => country.Value >= 0).WithMessage((_, country) => $"The budget of '{country.Key}' is below 0.");
    }
}

/// <summary>What the brake's settings under <c>Sms</c> may be.</summary>
internal sealed class BrakePolicyValidator : AbstractValidator<BrakePolicy>
{
    public BrakePolicyValidator()
    {
        RuleFor(policy => policy.Brake).IsInEnum();
        RuleFor(policy => policy.BrakeLimits).ChildRules(limits =>
        {
            limits.RuleFor(each => each.CountryPerHour).GreaterThan(0);
            limits.RuleFor(each => each.CountryPerDay).GreaterThan(0);
            limits.RuleFor(each => each.AddressPerHour).GreaterThan(0);
            limits.RuleFor(each => each.AddressPerDay).GreaterThan(0);
            limits.RuleFor(each => each.CountryHourShare).InclusiveBetween(0, 10);
            limits.RuleFor(each => each.CountryDayShare).InclusiveBetween(0, 10);
            limits.RuleFor(each => each.AddressHourShare).InclusiveBetween(0, 10);
            limits.RuleFor(each => each.AddressDayShare).InclusiveBetween(0, 10);
        });
    }
}
