namespace PhoneAuth.Application.Abstractions;

/// <summary>What a hash is for: each purpose has a key of its own, derived from the secret key (HKDF, RFC 5869).</summary>
public enum HashPurpose
{
    /// <summary>A code, hashed together with its number.</summary>
    VerificationCode,

    /// <summary>A number that has activated an invite code.</summary>
    SpentActivation,

    /// <summary>A refresh token.</summary>
    RefreshToken,
}

/// <summary>HMAC-SHA-256 with the secret key.</summary>
public interface IKeyedHasher
{
    /// <summary>The hash that is stored: by the secret key of today.</summary>
    /// <param name="purpose">What it is for.</param>
    /// <param name="text">What is hashed.</param>
    /// <returns>32 bytes.</returns>
    byte[] Hash(HashPurpose purpose, string text);

    /// <summary>The hashes that a stored one may be: by the secret key of today and those before it.</summary>
    /// <param name="purpose">What it is for.</param>
    /// <param name="text">What is hashed.</param>
    /// <returns>32 bytes each, today's first.</returns>
    IReadOnlyList<byte[]> Candidates(HashPurpose purpose, string text);
}
