using FluentValidation;
using PhoneAuth.Application.Behaviors;
using PhoneAuth.Application.SignIn;
using PhoneAuth.Domain;
using PhoneAuth.Domain.PhoneNumbers;
using PhoneAuth.Domain.VerificationCodes;

namespace PhoneAuth.Application.Tests.Behaviors;

public class ValidationBehaviorTests
{
    private static readonly VerifyCodeValidator Validator = new(new PhoneNumberPolicy(), new VerificationPolicy());

    [Test]
    public async Task What_is_not_well_formed_is_answered_field_by_field_and_reaches_no_handler()
    {
        var behavior = new ValidationBehavior<VerifyCodeCommand, Result<int>>([Validator]);
        var result = await behavior.Handle(
            new VerifyCodeCommand("hello", "12", "two\nlines"), CancellationToken.None, () => throw new InvalidOperationException("The handler was reached."));
        Assert.That(result.Error!.Code, Is.EqualTo("validation_failed"));
        Assert.That(result.Error.Fields!.Keys, Is.EquivalentTo(new[] { "phoneNumber", "code", "deviceName" }));
        Assert.That(result.Error.Fields["phoneNumber"], Is.EqualTo(new[] { PhoneNumber.InvalidMessage }));
    }

    [Test]
    public async Task What_is_well_formed_goes_on()
    {
        var behavior = new ValidationBehavior<VerifyCodeCommand, Result<int>>([Validator]);
        Assert.That((await behavior.Handle(new VerifyCodeCommand("+79001234567", "0427", null), CancellationToken.None, () => Task.FromResult<Result<int>>(7))).Value, Is.EqualTo(7));
    }

    [Test]
    public async Task What_nobody_validates_goes_on()
    {
        var behavior = new ValidationBehavior<VerifyCodeCommand, Result>(Enumerable.Empty<IValidator<VerifyCodeCommand>>());
        Assert.That((await behavior.Handle(new VerifyCodeCommand(null, null, null), CancellationToken.None, () => Task.FromResult(Result.Success()))).IsSuccess, Is.True);
    }
}
