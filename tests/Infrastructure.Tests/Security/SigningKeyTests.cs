using System.Security.Cryptography;
using Microsoft.IdentityModel.Tokens;
using PhoneAuth.Infrastructure.Security;

namespace PhoneAuth.Infrastructure.Tests.Security;

public class SigningKeyTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 9, 30, 0, TimeSpan.Zero);

    [Test]
    public void Its_id_is_the_thumbprint_of_its_public_half()
    {
        using var ecdsa = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var key = Read(ecdsa);
        Assert.That(key.Key.KeyId, Is.EqualTo(Base64UrlEncoder.Encode(key.Public.ComputeJwkThumbprint())).And.EqualTo(SigningKey.KeyIdOf(ecdsa)));
        Assert.That((key.Number, key.CreatedAt, key.SignsFrom), Is.EqualTo((3, Now, Now.AddMinutes(10))));
    }

    [Test]
    public void What_it_signs_is_verified_with_the_half_that_is_published()
    {
        using var ecdsa = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var key = Read(ecdsa);
        var published = key.Public;
        Assert.That(
            (published.Kty, published.Crv, published.Use, published.Alg, published.Kid, published.D),
            Is.EqualTo(("EC", "P-256", "sig", "ES256", key.Key.KeyId, (string?)null)));
        Assert.That(key.Credentials.Algorithm, Is.EqualTo("ES256"));

        using var reader = ECDsa.Create(new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            Q = new ECPoint { X = Base64UrlEncoder.DecodeBytes(published.X), Y = Base64UrlEncoder.DecodeBytes(published.Y) },
        });
        byte[] data = [1, 2, 3];
        Assert.That(reader.VerifyData(data, key.Key.ECDsa.SignData(data, HashAlgorithmName.SHA256), HashAlgorithmName.SHA256), Is.True);
    }

    private static SigningKey Read(ECDsa ecdsa) => SigningKey.FromPkcs8(3, ecdsa.ExportPkcs8PrivateKey(), Now, Now.AddMinutes(10));
}
