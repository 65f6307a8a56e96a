using PhoneAuth.Infrastructure.Security;

namespace PhoneAuth.Infrastructure.Tests.Security;

public class RecentTokensTests
{
    [Test]
    public void As_many_as_a_generation_has_are_remembered_and_the_older_generation_goes_as_a_whole()
    {
        var tokens = new RecentTokens<int>(2);
        Assert.That(Known(), Is.Empty);
        foreach (var (token, known) in new[] { ("a", "a"), ("b", "ab"), ("c", "abc"), ("d", "abcd"), ("e", "cde") })
        {
            tokens.Remember(token, token[0]);
            Assert.That(Known(), Is.EqualTo(known), $"after {token}");
        }

        string Known() => string.Concat("abcde".Where(token => tokens.TryFind(token.ToString(), out var known) && known == token));
    }

    [Test]
    public void What_is_known_last_counts()
    {
        var tokens = new RecentTokens<int>(1);
        tokens.Remember("a", 1);
        tokens.Remember("a", 2);
        Assert.That((tokens.TryFind("a", out var known), known), Is.EqualTo((true, 2)));
    }

    [Test]
    public void A_token_is_known_letter_by_letter()
    {
        var tokens = new RecentTokens<int>(1);
        tokens.Remember("a", 1);
        Assert.That(tokens.TryFind("A", out _), Is.False);
    }

    [Test]
    public void Of_the_tokens_that_were_issued_here_the_last_thousand_are_known()
    {
        var issued = new IssuedTokens();
        for (var token = 0; token < 2_001; token++)
        {
            issued.Remember($"{token}");
        }

        Assert.That(Enumerable.Range(1_001, 1_000).Select(token => issued.Contains($"{token}", out _)), Is.All.True);
        Assert.That((issued.Contains("0", out _), issued.Contains("2001", out _)), Is.EqualTo((false, false)));
    }

    [Test]
    public void One_that_was_used_is_known_as_used_and_takes_no_other_ones_place()
    {
        var issued = new IssuedTokens();
        for (var token = 1; token <= 1_000; token++)
        {
            issued.Remember($"{token}");
            issued.Use($"{token}");
        }

        Assert.That((issued.Contains("1", out var wasUsed), wasUsed), Is.EqualTo((true, true)));
        issued.Remember("1001");
        Assert.That((issued.Contains("1", out _), issued.Contains("1001", out wasUsed), wasUsed), Is.EqualTo((true, true, false)));
    }
}
