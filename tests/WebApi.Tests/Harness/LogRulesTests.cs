using PhoneAuth.Testing;

namespace PhoneAuth.WebApi.Tests.Harness;

/// <summary>Every test's lines are held against these rules as it ends, so they have to find what they are for.</summary>
internal sealed class LogRulesTests
{
    [Test]
    public void The_rules_find_a_secret_and_nothing_else()
    {
        Assert.Multiple(() =>
        {
            foreach (var line in new[]
            {
                "code 0427", "+79001234567", "/profile/79001234567", "0427:", "а0427б", "code=04271234", "٠٤٢٧", "eyJhbGciOi", new string('x', 44), "+7900123•••4567 0427", "in 1234 ms",
            })
            {
                Assert.That(LogRules.FaultOf(line), Is.Not.Null, line);
            }

            foreach (var line in new[]
            {
                "POST /send-code 202 ok in 1234.5 ms", "Simulated delivery of 019aaad4-8d40-7c1e-9d0a-3f5f8a1b2c3d to +7900•••4567", "at X() in /a/b.cs:line 1234",
                "the last is 20261122121458_Initial", "23505: duplicate key value", "SqlState: 57P01\n", "Line: 3211\n", "at lambda_method12239(Closure)", "phoneauth_test_00112233445566778899aabbccddeeff",
            })
            {
                Assert.That(LogRules.FaultOf(line), Is.Null, line);
            }
        });
    }
}
