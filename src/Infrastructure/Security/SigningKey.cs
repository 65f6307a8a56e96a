using System.Security.Cryptography;
using Microsoft.IdentityModel.Tokens;

namespace PhoneAuth.Infrastructure.Security;

/// <summary>A key pair on P-256 for ES256 (RFC 7518 3.4), ready to sign.</summary>
/// <param name="Number">Its number in the order of keys.</param>
/// <param name="Key">The key pair, with its id.</param>
/// <param name="CreatedAt">When it was made, UTC.</param>
/// <param name="SignsFrom">When it begins to sign, UTC.</param>
public sealed record SigningKey(int Number, ECDsaSecurityKey Key, DateTimeOffset CreatedAt, DateTimeOffset SignsFrom)
{
    /// <summary>What signs with it.</summary>
    public SigningCredentials Credentials { get; } = new(Key, SecurityAlgorithms.EcdsaSha256);

    /// <summary>The public half as a JWK (RFC 7517).</summary>
    public JsonWebKey Public { get; } = ToPublic(Key.ECDsa, Key.KeyId);

    internal static SigningKey FromPkcs8(int number, byte[] pkcs8, DateTimeOffset createdAt, DateTimeOffset signsFrom)
    {
        var ecdsa = ECDsa.Create();
        ecdsa.ImportPkcs8PrivateKey(pkcs8, out _);
        return new SigningKey(number, new ECDsaSecurityKey(ecdsa) { KeyId = KeyIdOf(ecdsa) }, createdAt, signsFrom);
    }

    internal static string KeyIdOf(ECDsa ecdsa) => Base64UrlEncoder.Encode(new ECDsaSecurityKey(ecdsa).ComputeJwkThumbprint());

    private static JsonWebKey ToPublic(ECDsa ecdsa, string keyId)
    {
        var point = ecdsa.ExportParameters(includePrivateParameters: false).Q;
        return new JsonWebKey
        {
            Kty = JsonWebAlgorithmsKeyTypes.EllipticCurve,
            Crv = JsonWebKeyECTypes.P256,
            Use = JsonWebKeyUseNames.Sig,
            Alg = SecurityAlgorithms.EcdsaSha256,
            Kid = keyId,
            X = Base64UrlEncoder.Encode(point.X),
            Y = Base64UrlEncoder.Encode(point.Y),
        };
    }
}
