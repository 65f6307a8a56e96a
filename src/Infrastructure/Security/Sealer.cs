using System.Security.Cryptography;

namespace PhoneAuth.Infrastructure.Security;

/// <summary>Seals what lies in the database with the secret key: AES-256-GCM, a fresh nonce each time, the purpose authenticated with it.</summary>
internal sealed class Sealer(SecretKeys secretKeys)
{
    private const int NonceSize = 12;
    private const int TagSize = 16;

    /// <summary>Seals some bytes.</summary>
    /// <param name="purpose">What they are; they open for nothing else.</param>
    /// <param name="plain">The bytes.</param>
    public byte[] Seal(string purpose, ReadOnlySpan<byte> plain)
    {
        var sealedBytes = new byte[NonceSize + plain.Length + TagSize];
        var nonce = sealedBytes.AsSpan(0, NonceSize);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(secretKeys.DeriveAll("seal/" + purpose)[0], TagSize);
        aes.Encrypt(nonce, plain, sealedBytes.AsSpan(NonceSize, plain.Length), sealedBytes.AsSpan(NonceSize + plain.Length));
        return sealedBytes;
    }

    /// <summary>Opens what was sealed with the secret key of today or one before it; null where none fits.</summary>
    /// <param name="purpose">What it was sealed as.</param>
    /// <param name="sealedBytes">What <see cref="Seal"/> gave.</param>
    public byte[]? Open(string purpose, ReadOnlySpan<byte> sealedBytes)
    {
        if (sealedBytes.Length < NonceSize + TagSize)
        {
            return null;
        }

        var plain = new byte[sealedBytes.Length - NonceSize - TagSize];
        foreach (var key in secretKeys.DeriveAll("seal/" + purpose))
        {
            using var aes = new AesGcm(key, TagSize);
            try
            {
                aes.Decrypt(sealedBytes[..NonceSize], sealedBytes[NonceSize..^TagSize], sealedBytes[^TagSize..], plain);
                return plain;
            }
            catch (AuthenticationTagMismatchException)
            {
                // Sealed with another of the keys, or with none of them: the loop's end says so.
            }
        }

        return null;
    }
}
