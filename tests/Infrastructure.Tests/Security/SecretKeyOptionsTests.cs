using Microsoft.Extensions.Hosting;
using Moq;
using PhoneAuth.Infrastructure.Security;

namespace PhoneAuth.Infrastructure.Tests.Security;

public class SecretKeyOptionsTests
{
    private static readonly string Example = File.ReadLines(Path.Combine(TestContext.CurrentContext.TestDirectory, "docker.env.example"))
        .Single(line => line.StartsWith("SECRET_KEY=", StringComparison.Ordinal))["SECRET_KEY=".Length..];

    [Test]
    public void The_example_key_starts_a_service_that_is_being_tried_out() => Assert.That(Failures(Example, "Development"), Is.Empty);

    [Test]
    public void The_example_key_starts_nothing_else() => Assert.That(Failures(Example, "Production"), Has.One.Contains("placeholder"));

    [TestCase("0123456789abcdef0123456789abcde")]
    [TestCase("")]
    [TestCase(null)]
    public void A_key_shorter_than_32_bytes_starts_nothing(string? key)
    {
        Assert.That(Failures(key, "Development"), Has.One.Contains("32 bytes"));
        Assert.That(Failures(key, "Production"), Has.One.Contains("32 bytes"));
    }

    [TestCase("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    [TestCase("ChangeMe-0123456789abcdef-0123456789abcdef")]
    [TestCase("CHANGE_ME-0123456789abcdef-0123456789abcdef")]
    public void A_placeholder_starts_nothing_in_production(string key) => Assert.That(Failures(key, "Production"), Has.One.Contains("placeholder"));

    [Test]
    public void A_random_key_of_32_bytes_will_do() => Assert.That(Failures("0123456789abcdef0123456789abcdef", "Production"), Is.Empty);

    [TestCase("abcdefghabcdefghabcdefghabcdefgh", ExpectedResult = true, TestName = "Eight")]
    [TestCase("abcdefgabcdefgabcdefgabcdefgabcdefg", ExpectedResult = false, TestName = "Seven")]
    public bool A_key_has_eight_characters_that_differ_at_least(string key) => !Failures(key, "Production").Any();

    [Test]
    public void An_older_key_is_as_long()
    {
        Assert.That(Failures("0123456789abcdef0123456789abcdef", "Production", "0123456789abcdef0123456789abcdef"), Is.Empty);
        Assert.That(Failures("0123456789abcdef0123456789abcdef", "Production", "0123456789abcdef0123456789abcde"), Has.One.Contains("32 bytes"));
    }

    private static IEnumerable<string> Failures(string? key, string environment, params string[] previous)
    {
        var validator = new SecretKeyOptionsValidator(Mock.Of<IHostEnvironment>(host => host.EnvironmentName == environment));
        return validator.Validate(new SecretKeyOptions { SecretKey = key, PreviousSecretKeys = previous }).Errors.Select(error => error.ErrorMessage);
    }
}
