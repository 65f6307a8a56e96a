using FluentValidation;
using PhoneAuth.Application.SignIn;
using PhoneAuth.Domain.Addresses;
using PhoneAuth.Domain.PhoneNumbers;
using PhoneAuth.Domain.Sessions;
using PhoneAuth.Domain.VerificationCodes;

namespace PhoneAuth.Application.Tests.SignIn;

public class PolicyValidatorsTests
{
    private static readonly DateTimeOffset Later = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Test]
    public void What_is_the_default_is_good() => Assert.Multiple(() =>
    {
        Assert.That(Wrong(new VerificationPolicy()), Is.Empty);
        Assert.That(Wrong(new PhoneNumberPolicy()), Is.Empty);
        Assert.That(Wrong(new SessionPolicy()), Is.Empty);
        Assert.That(Wrong(new AddressPolicy()), Is.Empty);
    });

    [TestCase(3, false)]
    [TestCase(4, true)]
    [TestCase(8, true)]
    [TestCase(9, false)]
    public void A_code_has_four_to_eight_digits(int digits, bool isGood) => Check(new VerificationPolicy { CodeLength = digits }, "CodeLength", isGood);

    [TestCase("00:00:04", false)]
    [TestCase("00:00:05", true)]
    [TestCase("00:10:00", true)]
    [TestCase("00:10:00.0000001", false)]
    [TestCase("-00:05:00", false)]
    public void A_code_lives_ten_minutes_at_most(string life, bool isGood) => Check(new VerificationPolicy { Lifetime = Span(life) }, "Lifetime", isGood);

    [Test]
    public void A_count_that_cannot_be_off_is_not_zero_and_none_is_negative() => Assert.Multiple(() =>
    {
        foreach (var bad in new[] { 0, -1 })
        {
            Check(new VerificationPolicy { MaxAttempts = bad }, "MaxAttempts", isGood: false);
            Check(new VerificationPolicy { MaxFailures = bad }, "MaxFailures", isGood: false);
            Check(new VerificationPolicy { MaxConsecutiveFailures = bad }, "MaxConsecutiveFailures", isGood: false);
        }

        Check(new VerificationPolicy { MaxSendsPerHour = -1 }, "MaxSendsPerHour", isGood: false);
        Check(new VerificationPolicy { MaxSendsPerDay = -1 }, "MaxSendsPerDay", isGood: false);
        Check(new AddressPolicy { SendCodePerHour = -1 }, "SendCodePerHour", isGood: false);
        Check(new AddressPolicy { SendCodePerDay = -1 }, "SendCodePerDay", isGood: false);
        Check(new AddressPolicy { VerifyCodePerMinute = -1 }, "VerifyCodePerMinute", isGood: false);
        Check(new AddressPolicy { FailedCodesPerDay = -1 }, "FailedCodesPerDay", isGood: false);
    });

    [Test]
    public void Where_zero_is_no_limit_it_is_good() => Assert.Multiple(() =>
    {
        Assert.That(Wrong(new VerificationPolicy { MaxSendsPerHour = 0, MaxSendsPerDay = 0, ResendWait = TimeSpan.Zero }), Is.Empty);
        Assert.That(Wrong(new AddressPolicy { SendCodePerHour = 0, SendCodePerDay = 0, VerifyCodePerMinute = 0, FailedCodesPerDay = 0 }), Is.Empty);
    });

    [Test]
    public void A_first_step_is_no_longer_than_the_longest() => Assert.Multiple(() =>
    {
        Check(new VerificationPolicy { LockDuration = Span("2.00:00:00") }, "MaxLockDuration", isGood: false);
        Check(new VerificationPolicy { ResendWait = Span("01:00:00") }, "MaxResendWait", isGood: false);
        Check(new VerificationPolicy { ResendWait = -TimeSpan.FromSeconds(1) }, "ResendWait", isGood: false);
        Check(new VerificationPolicy { LockDuration = TimeSpan.Zero }, "LockDuration", isGood: false);
        Check(new VerificationPolicy { FailureWindow = TimeSpan.Zero }, "FailureWindow", isGood: false);
    });

    [TestCase("+79001234567", "0427", true)]
    [TestCase("8 900 123 45 67", "0427", true)]
    [TestCase("hello", "0427", false)]
    [TestCase("+79001234567", "042", false)]
    [TestCase("+79001234567", "04271", false)]
    [TestCase("+79001234567", "o427", false)]
    [TestCase("+79001234567", "\u0660\u0660\u0660\u0660", false)]
    public void A_test_number_is_a_number_with_a_code_of_the_right_length(string number, string code, bool isGood) =>
        Check(new VerificationPolicy { TestNumbers = [Test(number, code)] }, "TestNumbers", isGood);

    [Test]
    public void A_test_number_ends_some_day() =>
        Check(new VerificationPolicy { TestNumbers = [new TestNumber { PhoneNumber = "+79001234567", Code = "0427" }] }, "TestNumbers", isGood: false);

    [Test]
    public void A_test_number_is_named_once_however_it_is_spelled() =>
        Check(new VerificationPolicy { TestNumbers = [Test("+79001234567", "0427"), Test("8 900 123-45-67", "0428")] }, "TestNumbers", isGood: false);

    [TestCase("7", true)]
    [TestCase("+7", false)]
    [TestCase("999", false)]
    [TestCase("", false)]
    public void A_country_code_exists(string code, bool isGood)
    {
        Check(new PhoneNumberPolicy { DefaultCountryCode = code }, "DefaultCountryCode", isGood);
        Check(new PhoneNumberPolicy { AllowedCountryCodes = ["44", code] }, "AllowedCountryCodes", isGood);
    }

    [Test]
    public void A_session_and_its_tokens_live_a_while() => Assert.Multiple(() =>
    {
        Check(new SessionPolicy { AccessTokenLifetime = TimeSpan.Zero }, "AccessTokenLifetime", isGood: false);
        Check(new SessionPolicy { AccessTokenLifetime = Span("01:00:01") }, "AccessTokenLifetime", isGood: false);
        Check(new SessionPolicy { SessionIdleLifetime = TimeSpan.Zero }, "SessionIdleLifetime", isGood: false);
        Check(new SessionPolicy { SessionMaxLifetime = -TimeSpan.FromDays(1) }, "SessionMaxLifetime", isGood: false);
        Check(new SessionPolicy { ReuseGrace = -TimeSpan.FromSeconds(1) }, "ReuseGrace", isGood: false);
    });

    private static TimeSpan Span(string text) => TimeSpan.Parse(text, System.Globalization.CultureInfo.InvariantCulture);

    private static TestNumber Test(string number, string code) => new() { PhoneNumber = number, Code = code, ExpiresAt = Later };

    private static void Check(object policy, string setting, bool isGood) =>
        Assert.That(Wrong(policy), isGood ? Is.Empty : Has.Some.StartsWith(setting), policy.ToString());

    private static IEnumerable<string> Wrong(object policy)
    {
        IValidator validator = policy switch
        {
            VerificationPolicy => new VerificationPolicyValidator(new PhoneNumberPolicy()),
            PhoneNumberPolicy => new PhoneNumberPolicyValidator(),
            SessionPolicy => new SessionPolicyValidator(),
            _ => new AddressPolicyValidator(),
        };
        return validator.Validate(new ValidationContext<object>(policy)).Errors.Select(error => error.PropertyName);
    }
}
