using PhoneAuth.Application.SignIn;
using PhoneAuth.Domain.PhoneNumbers;
using PhoneAuth.Domain.VerificationCodes;

namespace PhoneAuth.Application.Tests.SignIn;

public class TestNumbersTests
{
    private static readonly PhoneNumber Number = PhoneNumber.FromStorage("+79001234567");
    private static readonly DateTimeOffset End = new(2026, 11, 23, 0, 0, 0, TimeSpan.Zero);

    private static readonly TestNumbers Numbers = new(
        new VerificationPolicy { TestNumbers = [new TestNumber { PhoneNumber = "8 900 123-45-67", Code = "7777", ExpiresAt = End }] }, new PhoneNumberPolicy());

    [Test]
    public void A_code_is_fixed_up_to_the_last_moment()
    {
        Assert.That((Numbers.CodeOf(Number, End.AddTicks(-1)), Numbers.Live(End.AddTicks(-1)).Single()), Is.EqualTo(("7777", Number)));
        Assert.That((Numbers.CodeOf(Number, End), Numbers.Live(End).Count()), Is.EqualTo(((string?)null, 0)));
    }

    [Test]
    public void Of_every_other_number_codes_are_random() =>
        Assert.That(Numbers.CodeOf(PhoneNumber.FromStorage("+79001234568"), End.AddDays(-1)), Is.Null);
}
