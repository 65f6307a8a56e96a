namespace PhoneAuth.Infrastructure.Persistence;

/// <summary>A signing key as it is kept: numbered, so that of two made at once only one is the next.</summary>
internal sealed class SigningKeyRow
{
    public const int MaxKeyIdLength = 43;

    public required int Number { get; init; }

    /// <summary>The key's JWK thumbprint (RFC 7638), <c>kid</c> in tokens.</summary>
    public required string KeyId { get; init; }

    /// <summary>The PKCS#8 private key, sealed with the secret key (AES-256-GCM).</summary>
    public required byte[] SealedKey { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>From then on it signs; before, it is only published.</summary>
    public required DateTimeOffset SignsFrom { get; init; }
}
