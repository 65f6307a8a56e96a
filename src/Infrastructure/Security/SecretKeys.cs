using System.Security.Cryptography;
using System.Text;

namespace PhoneAuth.Infrastructure.Security;

/// <summary>
/// The secret key and those before it. Nothing is keyed with them directly: each purpose has a key of its own, derived
/// with HKDF-SHA-256 (RFC 5869), so that no value made for one purpose means anything for another.
/// </summary>
internal sealed class SecretKeys
{
    private readonly byte[][] all;

    /// <param name="current">The key that signs and seals; 32 bytes of text or more.</param>
    /// <param name="previous">Keys that still read.</param>
    public SecretKeys(string current, IEnumerable<string> previous) => all = [.. previous.Prepend(current).Select(Encoding.UTF8.GetBytes)];

    /// <summary>The 32-byte keys of a purpose, today's first.</summary>
    /// <param name="purpose">A word that is used for nothing else.</param>
    public byte[][] DeriveAll(string purpose) =>
        [.. all.Select(secret => HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, 32, info: Encoding.UTF8.GetBytes("phoneauth/" + purpose)))];

    /// <summary>The hashes with those keys, today's first.</summary>
    /// <param name="purpose">A word that is used for nothing else.</param>
    public Mac[] DeriveMacs(string purpose) => Array.ConvertAll(DeriveAll(purpose), key => new Mac(key));
}
