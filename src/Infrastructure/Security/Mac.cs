using System.Security.Cryptography;

namespace PhoneAuth.Infrastructure.Security;

/// <summary>HMAC-SHA-256 with one key, for many threads. To set the key up costs more than a short text's hash, so whoever has done it leaves it for the next.</summary>
/// <param name="key">The key.</param>
internal sealed class Mac(byte[] key)
{
    private HMACSHA256? idle;

    /// <param name="data">What is hashed.</param>
    /// <returns>32 bytes.</returns>
    public byte[] Hash(ReadOnlySpan<byte> data)
    {
        var mac = Interlocked.Exchange(ref idle, null) ?? new HMACSHA256(key);
        var hash = new byte[HMACSHA256.HashSizeInBytes];
        mac.TryComputeHash(data, hash, out _);
        Interlocked.Exchange(ref idle, mac)?.Dispose();
        return hash;
    }
}
