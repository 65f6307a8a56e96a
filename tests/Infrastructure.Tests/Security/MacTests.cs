using System.Security.Cryptography;
using PhoneAuth.Infrastructure.Security;

namespace PhoneAuth.Infrastructure.Tests.Security;

public class MacTests
{
    private static readonly byte[] Key = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];
    private static readonly byte[] One = [1];

    [Test]
    public void It_is_HMAC_SHA_256_each_time_anew()
    {
        var mac = new Mac(Key);
        foreach (var length in new[] { 0, 1, 64, 86, 1_000, 0 })
        {
            var data = new byte[length];
            Assert.That(mac.Hash(data), Is.EqualTo(HMACSHA256.HashData(Key, data)), $"{length} bytes");
        }
    }

    [Test]
    public void Many_threads_have_each_their_own_hash()
    {
        var mac = new Mac(Key);
        Parallel.For(0, 20_000, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i =>
        {
            var data = BitConverter.GetBytes(i);
            Assert.That(mac.Hash(data), Is.EqualTo(HMACSHA256.HashData(Key, data)));
        });
    }

    [Test]
    public void Keys_of_one_purpose_hash_todays_first()
    {
        var keys = new SecretKeys("a new secret key that only tests know!", ["an old secret key that only tests know"]);
        Assert.That(
            keys.DeriveMacs("x").Select(mac => Convert.ToHexString(mac.Hash(One))),
            Is.EqualTo(keys.DeriveAll("x").Select(key => Convert.ToHexString(HMACSHA256.HashData(key, One)))));
    }
}
