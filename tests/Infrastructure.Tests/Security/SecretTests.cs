using System.Text;
using PhoneAuth.Application.Abstractions;
using PhoneAuth.Infrastructure.Security;

namespace PhoneAuth.Infrastructure.Tests.Security;

public class SecretTests
{
    private const string Old = "an old secret key that only tests know";
    private const string New = "a new secret key that only tests know!";
    private static readonly SecretKeys Before = new(Old, []);
    private static readonly SecretKeys Now = new(New, [Old]);
    private static readonly SecretKeys Strangers = new("somebody else's key, of 32 bytes or more", []);
    private static readonly byte[] Plain = Encoding.UTF8.GetBytes("what nobody else is to read");

    [Test]
    public void Every_purpose_has_a_key_of_its_own_of_32_bytes()
    {
        var keys = new[] { "hash/A", "hash/B", "seal/A" }.Select(purpose => Now.DeriveAll(purpose)[0]).ToList();
        Assert.That(keys.Select(Convert.ToHexString), Is.Unique);
        Assert.That(keys, Is.All.Length.EqualTo(32).And.All.Not.EqualTo(Encoding.UTF8.GetBytes(New)));
    }

    [Test]
    public void Todays_key_is_the_first_and_older_ones_follow()
    {
        Assert.That(Now.DeriveAll("x"), Has.Length.EqualTo(2));
        Assert.That(Now.DeriveAll("x")[1], Is.EqualTo(Before.DeriveAll("x")[0]));
    }

    [Test]
    public void What_is_sealed_opens_and_shows_nothing()
    {
        var (one, other) = (new Sealer(Now).Seal("text", Plain), new Sealer(Now).Seal("text", Plain));
        Assert.That(new Sealer(Now).Open("text", one), Is.EqualTo(Plain));
        Assert.That(one, Is.Not.EqualTo(other), "a fresh nonce each time");
        Assert.That(Encoding.Latin1.GetString(one), Does.Not.Contain("nobody"));
    }

    [Test]
    public void What_was_sealed_with_an_older_key_still_opens_and_with_a_strangers_does_not()
    {
        Assert.That(new Sealer(Now).Open("text", new Sealer(Before).Seal("text", Plain)), Is.EqualTo(Plain));
        Assert.That(new Sealer(Now).Open("text", new Sealer(Strangers).Seal("text", Plain)), Is.Null);
    }

    [Test]
    public void What_was_sealed_for_one_purpose_opens_for_no_other() =>
        Assert.That(new Sealer(Now).Open("signing-key", new Sealer(Now).Seal("text", Plain)), Is.Null);

    [Test]
    public void A_changed_bit_anywhere_is_noticed()
    {
        var sealedBytes = new Sealer(Now).Seal("text", Plain);
        for (var at = 0; at < sealedBytes.Length; at++)
        {
            var changed = sealedBytes.ToArray();
            changed[at] ^= 1;
            Assert.That(new Sealer(Now).Open("text", changed), Is.Null, $"byte {at}");
        }

        Assert.That(new Sealer(Now).Open("text", sealedBytes.AsSpan(0, 27)), Is.Null, "too short to be any");
    }

    [Test]
    public void Nothing_is_sealed_and_opened_like_anything_else() => Assert.That(new Sealer(Now).Open("text", new Sealer(Now).Seal("text", [])), Is.Empty);

    [Test]
    public void A_hash_is_keyed_and_bound_to_its_purpose()
    {
        var hasher = new KeyedHasher(Now);
        var hash = hasher.Hash(HashPurpose.VerificationCode, "+790012345670427");
        Assert.That(hash, Has.Length.EqualTo(32).And.EqualTo(hasher.Hash(HashPurpose.VerificationCode, "+790012345670427")));
        Assert.That(hash, Is.Not.EqualTo(hasher.Hash(HashPurpose.VerificationCode, "+790012345680427")), "another number's");
        Assert.That(hash, Is.Not.EqualTo(hasher.Hash(HashPurpose.SpentActivation, "+790012345670427")), "another purpose's");
        Assert.That(hash, Is.Not.EqualTo(new KeyedHasher(Strangers).Hash(HashPurpose.VerificationCode, "+790012345670427")), "another service's");
    }

    [Test]
    public void Of_a_stored_hash_any_of_the_keys_may_be_the_maker()
    {
        var candidates = new KeyedHasher(Now).Candidates(HashPurpose.VerificationCode, "x");
        Assert.That(candidates[0], Is.EqualTo(new KeyedHasher(Now).Hash(HashPurpose.VerificationCode, "x")));
        Assert.That(candidates[1], Is.EqualTo(new KeyedHasher(Before).Hash(HashPurpose.VerificationCode, "x")));
    }
}
