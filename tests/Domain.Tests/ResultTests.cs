namespace PhoneAuth.Domain.Tests;

public class ResultTests
{
    private static readonly Error Refused = new(ErrorKind.Conflict, "refused", "No.");

    [Test]
    public void What_is_done_has_no_error()
    {
        Assert.That(Result.Success().IsSuccess, Is.True);
        Assert.That(Result.Success().Error, Is.Null);
    }

    [Test]
    public void A_refusal_is_a_result_by_itself()
    {
        Result result = Refused;
        Assert.That(result.IsSuccess, Is.False);
        Assert.That(result.Error, Is.SameAs(Refused));
    }

    [Test]
    public void A_value_is_a_success_by_itself()
    {
        Result<int> result = 7;
        Assert.That((result.IsSuccess, result.Value, result.Error), Is.EqualTo((true, 7, (Error?)null)));
    }

    [Test]
    public void A_refusal_carries_no_value()
    {
        Result<string> result = Refused;
        Assert.That((result.IsSuccess, result.Value, result.Error), Is.EqualTo((false, (string?)null, Refused)));
    }

    [Test]
    public void Any_result_type_can_be_refused_without_being_known()
    {
        Assert.That(Refuse<Result>().Error, Is.SameAs(Refused));
        Assert.That(Refuse<Result<int>>().Error, Is.SameAs(Refused));

        static T Refuse<T>()
            where T : IResult<T> => T.Failure(Refused);
    }

    [Test]
    public void A_validation_failure_names_its_field()
    {
        var error = Error.Validation("phoneNumber", "No number.");
        Assert.That((error.Kind, error.Code), Is.EqualTo((ErrorKind.Validation, "validation_failed")));
        Assert.That(error.Fields!["phoneNumber"], Is.EqualTo(new[] { "No number." }));
    }
}
