using FluentValidation;
using PhoneAuth.Domain.Addresses;
using PhoneAuth.Domain.PhoneNumbers;
using PhoneAuth.Domain.Sessions;
using PhoneAuth.Domain.VerificationCodes;

namespace PhoneAuth.Application.SignIn;

/// <summary>What the settings under <c>Verification</c> may be.</summary>
internal sealed class VerificationPolicyValidator : AbstractValidator<VerificationPolicy>
{
    public VerificationPolicyValidator(PhoneNumberPolicy numbers)
    {
        RuleFor(policy => policy.CodeLength).InclusiveBetween(4, 8);
        RuleFor(policy => policy.Lifetime).InclusiveBetween(TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(10));
        RuleFor(policy => policy.MaxAttempts).GreaterThan(0);
        RuleFor(policy => policy.MaxFailures).InclusiveBetween(1, Bounds.MostCounted);
        RuleFor(policy => policy.FailureWindow).InclusiveBetween(TimeSpan.FromSeconds(1), Bounds.LongestWindow);
        RuleFor(policy => policy.LockDuration).InclusiveBetween(TimeSpan.FromSeconds(1), Bounds.LongestWindow);
        RuleFor(policy => policy.MaxLockDuration).GreaterThanOrEqualTo(policy => policy.LockDuration).LessThanOrEqualTo(Bounds.LongestWindow);
        RuleFor(policy => policy.MaxConsecutiveFailures).GreaterThan(0);
        RuleFor(policy => policy.ResendWait).InclusiveBetween(TimeSpan.Zero, TimeSpan.FromDays(1));
        RuleFor(policy => policy.MaxResendWait).GreaterThanOrEqualTo(policy => policy.ResendWait).LessThanOrEqualTo(TimeSpan.FromDays(1));
        RuleFor(policy => policy.MaxSendsPerHour).InclusiveBetween(0, Bounds.MostCounted);
        RuleFor(policy => policy.MaxSendsPerDay).InclusiveBetween(0, Bounds.MostCounted);
        RuleForEach(policy => policy.TestNumbers).ChildRules(test =>
        {
            test.RuleFor(number => number.PhoneNumber).IsPhoneNumber(numbers);
            test.RuleFor(number => number.ExpiresAt).NotEmpty();
        });
        RuleForEach(policy => policy.TestNumbers)
            .Must((policy, test) => test.Code.Length == policy.CodeLength && test.Code.All(char.IsAsciiDigit))
            .WithMessage("The code has to have as many digits as CodeLength says.");
        RuleFor(policy => policy.TestNumbers)
            .Must(tests => tests.DistinctBy(test => PhoneNumber.Parse(test.PhoneNumber, numbers.DefaultCountryCode).Value).Count() == tests.Count)
            .WithMessage("Each number may be named once.");
    }
}

/// <summary>What the settings under <c>PhoneNumbers</c> may be.</summary>
internal sealed class PhoneNumberPolicyValidator : AbstractValidator<PhoneNumberPolicy>
{
    public PhoneNumberPolicyValidator()
    {
        RuleFor(policy => policy.DefaultCountryCode).Must(CountryCodes.Exists).WithMessage("There is no such country code.");
        RuleForEach(policy => policy.AllowedCountryCodes).Must(CountryCodes.Exists).WithMessage("There is no such country code.");
    }
}

/// <summary>What the settings under <c>Tokens</c> may be.</summary>
internal sealed class SessionPolicyValidator : AbstractValidator<SessionPolicy>
{
    public SessionPolicyValidator()
    {
        RuleFor(policy => policy.AccessTokenLifetime).InclusiveBetween(TimeSpan.FromSeconds(1), TimeSpan.FromHours(1));
        RuleFor(policy => policy.SessionIdleLifetime).InclusiveBetween(TimeSpan.FromSeconds(1), Bounds.LongestSession);
        RuleFor(policy => policy.SessionMaxLifetime).InclusiveBetween(TimeSpan.FromSeconds(1), Bounds.LongestSession);
        RuleFor(policy => policy.ReuseGrace).InclusiveBetween(TimeSpan.Zero, TimeSpan.FromMinutes(5));
    }
}

/// <summary>What the settings under <c>RateLimits</c> may be.</summary>
internal sealed class AddressPolicyValidator : AbstractValidator<AddressPolicy>
{
    public AddressPolicyValidator()
    {
        RuleFor(policy => policy.SendCodePerHour).InclusiveBetween(0, Bounds.MostCounted);
        RuleFor(policy => policy.SendCodePerDay).InclusiveBetween(0, Bounds.MostCounted);
        RuleFor(policy => policy.VerifyCodePerMinute).GreaterThanOrEqualTo(0);
        RuleFor(policy => policy.FailedCodesPerDay).InclusiveBetween(0, Bounds.MostCounted);
    }
}

internal static class Bounds
{
    /// <summary>The longest exact log of times that a row is to carry, eight bytes each.</summary>
    public const int MostCounted = 10_000;

    public static readonly TimeSpan LongestWindow = TimeSpan.FromDays(30);

    public static readonly TimeSpan LongestSession = TimeSpan.FromDays(3650);
}
