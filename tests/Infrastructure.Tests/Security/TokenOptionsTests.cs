using PhoneAuth.Infrastructure.Security;

namespace PhoneAuth.Infrastructure.Tests.Security;

public class TokenOptionsTests
{
    [Test]
    public void A_service_that_is_being_tried_out_needs_none() => Assert.That(Refused(new TokenOptions()), Is.Empty);

    [TestCase("https://id.example.com/auth/", ExpectedResult = true)]
    [TestCase("http://id.example.com", ExpectedResult = true)]
    [TestCase("ftp://id.example.com", ExpectedResult = false)]
    [TestCase("id.example.com", ExpectedResult = false)]
    [TestCase("/auth", ExpectedResult = false)]
    [TestCase("", ExpectedResult = false)]
    public bool The_issuer_is_an_absolute_address_of_the_web(string issuer) => !Refused(new TokenOptions { Issuer = issuer }).Contains("Issuer", StringComparer.Ordinal);

    [Test]
    public void There_is_an_audience() => Assert.That(Refused(new TokenOptions { Audience = "" }), Is.EqualTo(new[] { "Audience" }));

    private static IEnumerable<string> Refused(TokenOptions options) => new TokenOptionsValidator().Validate(options).Errors.Select(error => error.PropertyName);
}
