using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;
using PhoneAuth.Application.Abstractions;

namespace PhoneAuth.Infrastructure.Security;

internal sealed class KeyedHasher(SecretKeys secretKeys) : IKeyedHasher
{
    private readonly FrozenDictionary<HashPurpose, byte[][]> keys =
        Enum.GetValues<HashPurpose>().ToFrozenDictionary(purpose => purpose, purpose => secretKeys.DeriveAll("hash/" + purpose));

    public byte[] Hash(HashPurpose purpose, string text) => HMACSHA256.HashData(keys[purpose][0], Encoding.UTF8.GetBytes(text));

    public IReadOnlyList<byte[]> Candidates(HashPurpose purpose, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return Array.ConvertAll(keys[purpose], key => HMACSHA256.HashData(key, bytes));
    }
}
