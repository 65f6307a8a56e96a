using PhoneAuth.Infrastructure.Security;

namespace PhoneAuth.Infrastructure.Tests.Security;

public class RefreshTokensTests
{
    private static readonly Guid SessionId = new("019aaad4-8d40-7c1e-9d0a-3f5f8a1b2c3d");
    private static readonly RefreshTokens Tokens = With(new SecretKeys("a secret key that only tests know: 7Qm2x9", []));

    [Test]
    public void A_token_that_was_given_out_is_read()
    {
        var token = Tokens.Issue(SessionId);
        var read = Tokens.Read(token.Text)!;
        Assert.That((read.SessionId, read.Hashes[0]), Is.EqualTo((SessionId, token.Hash)));
    }

    [Test]
    public void Its_successor_is_always_the_same_and_good_in_turn()
    {
        var token = Tokens.Issue(SessionId);
        var (one, other) = (Tokens.Read(token.Text)!.Successors[0], Tokens.Read(token.Text)!.Successors[0]);
        Assert.That((one.Text, one.Hash), Is.EqualTo((other.Text, other.Hash)));
        Assert.That(one.Text, Is.Not.EqualTo(token.Text));
        Assert.That(Tokens.Read(one.Text)!.SessionId, Is.EqualTo(SessionId));
    }

    [Test]
    public void No_two_sessions_begin_with_the_same_token() => Assert.That(Enumerable.Range(0, 100).Select(_ => Tokens.Issue(SessionId).Text), Is.Unique);

    [Test]
    public void A_token_with_any_character_changed_was_never_given_out()
    {
        var text = Tokens.Issue(SessionId).Text;
        for (var at = 0; at < text.Length; at++)
        {
            foreach (var other in "AB!\u00e9 \n=".Where(character => character != text[at]))
            {
                Assert.That(Tokens.Read(text[..at] + other + text[(at + 1)..]), Is.Null, $"character {at} as '{other}'");
            }
        }
    }

    [Test]
    public void Nor_was_one_that_is_shorter_longer_or_of_another_service()
    {
        var text = Tokens.Issue(SessionId).Text;
        Assert.That(new[] { "", text[..^1], text + "A", text + "=", text.Replace('_', '/') + " " }.Select(Tokens.Read), Is.All.Null);
        Assert.That(With(new SecretKeys("somebody else's key, of 32 bytes or more", [])).Read(text), Is.Null);
    }

    [Test]
    public void After_the_secret_key_has_changed_an_older_token_is_read_and_has_a_successor_of_today()
    {
        var before = With(new SecretKeys("an old secret key that only tests know", []));
        var now = With(new SecretKeys("a new secret key that only tests know!", ["an old secret key that only tests know"]));
        var token = before.Issue(SessionId);
        var read = now.Read(token.Text)!;
        Assert.That(read.Hashes[1], Is.EqualTo(token.Hash));
        Assert.That(read.Successors[1].Text, Is.EqualTo(before.Read(token.Text)!.Successors[0].Text));
        Assert.That(before.Read(read.Successors[0].Text), Is.Null, "sealed with the new key alone");
    }

    [Test]
    public void A_secret_key_that_is_still_named_among_the_older_ones_reads_what_it_made()
    {
        var twice = With(new SecretKeys("a secret key that only tests know: 7Qm2x9", ["a secret key that only tests know: 7Qm2x9"]));
        Assert.That(twice.Read(Tokens.Issue(SessionId).Text)?.SessionId, Is.EqualTo(SessionId));
    }

    private static RefreshTokens With(SecretKeys keys) => new(keys, new KeyedHasher(keys));
}
