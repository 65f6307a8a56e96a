using System.Reflection;

namespace PhoneAuth.Domain.Tests;

public class ErrorTests
{
    private static readonly Error[] All =
    [
        .. typeof(Error).Assembly.GetTypes()
            .Where(type => type.Name.EndsWith("Errors", StringComparison.Ordinal))
            .SelectMany(type => type.GetFields().Select(field => field.GetValue(null)).Concat(type.GetMethods(BindingFlags.Public | BindingFlags.Static).Select(Refuse)))
            .OfType<Error>(),
        Error.Validation("phoneNumber", "No number."),
    ];

    [Test]
    public void Every_refusal_has_the_word_and_the_kind_that_clients_know() => Assert.That(
        All.Select(error => (error.Code, error.Kind)),
        Is.EquivalentTo(new[]
        {
            ("code_expired", ErrorKind.Unprocessable),
            ("code_invalid", ErrorKind.Unprocessable),
            ("country_not_supported", ErrorKind.Unprocessable),
            ("invite_code_already_activated", ErrorKind.Conflict),
            ("invite_code_not_found", ErrorKind.NotFound),
            ("invite_code_own", ErrorKind.Unprocessable),
            ("not_your_profile", ErrorKind.Forbidden),
            ("phone_disabled", ErrorKind.Forbidden),
            ("phone_locked", ErrorKind.TooManyRequests),
            ("refresh_token_invalid", ErrorKind.Unauthenticated),
            ("resend_too_soon", ErrorKind.TooManyRequests),
            ("send_limit_reached", ErrorKind.TooManyRequests),
            ("session_not_found", ErrorKind.NotFound),
            ("too_many_invite_attempts", ErrorKind.TooManyRequests),
            ("too_many_requests", ErrorKind.TooManyRequests),
            ("unauthenticated", ErrorKind.Unauthenticated),
            ("user_blocked", ErrorKind.Forbidden),
            ("user_not_found", ErrorKind.NotFound),
            ("validation_failed", ErrorKind.Validation),
        }));

    [Test]
    public void And_one_sentence_of_its_own_for_a_person()
    {
        Assert.That(All.Select(error => error.Message), Is.Unique);
        Assert.That(All.Select(error => error.Message), Is.All.Match(@"^[A-Z][^.\d]+\.$"));
    }

    private static object? Refuse(MethodInfo method) =>
        method.Invoke(null, [.. method.GetParameters().Select(parameter => parameter.HasDefaultValue ? parameter.DefaultValue : Default(parameter.ParameterType))]);

    private static object? Default(Type type) => Nullable.GetUnderlyingType(type) is null && type.IsValueType ? Activator.CreateInstance(type) : null;
}
