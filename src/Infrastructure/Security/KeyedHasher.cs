using System.Collections.Frozen;
using System.Text;
using PhoneAuth.Application.Abstractions;

namespace PhoneAuth.Infrastructure.Security;

internal sealed class KeyedHasher(SecretKeys secretKeys) : IKeyedHasher
{
    private readonly FrozenDictionary<HashPurpose, Mac[]> macs =
        Enum.GetValues<HashPurpose>().ToFrozenDictionary(purpose => purpose, purpose => secretKeys.DeriveMacs("hash/" + purpose));

    public byte[] Hash(HashPurpose purpose, string text) => macs[purpose][0].Hash(Encoding.UTF8.GetBytes(text));

    public IReadOnlyList<byte[]> Candidates(HashPurpose purpose, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return Array.ConvertAll(macs[purpose], mac => mac.Hash(bytes));
    }
}
