using System.Text;
using PhoneAuth.Application.Abstractions;
using PhoneAuth.Infrastructure.Security;

namespace PhoneAuth.Infrastructure.Tests.Security;

/// <summary>
/// What one release keeps the next one has to read. The values were made by another implementation of HKDF, HMAC and AES-GCM, with the
/// labels that are stored with nobody and stand in the code alone: whoever changes one of them signs everybody out.
/// </summary>
public class StoredFormTests
{
    private static readonly SecretKeys Keys = new("a secret key that only tests know: 7Qm2x9", []);

    [Test]
    public void A_purposes_key_is_derived_as_ever() => Assert.That(
        Convert.ToHexString(Keys.DeriveAll("x")[0]),
        Is.EqualTo("CCE564A95E6BE6A6B9793A4FDD24DF8548004056CAEA335D4651A1FC954D95BA"));

    [Test]
    public void A_hash_is_made_as_ever() => Assert.That(
        Convert.ToHexString(new KeyedHasher(Keys).Hash(HashPurpose.VerificationCode, "+790012345670427")),
        Is.EqualTo("5DDF11A07D3F82B0B23DBE6D64D1D97854BB6507EB49D81DE0D8005ABF345836"));

    [Test]
    public void What_was_sealed_opens_as_ever()
    {
        var sealedBytes = Convert.FromHexString(
            "000102030405060708090A0BE56075EF391A9D0A3A0B59E0E57BCBB91FDC21D8FED7E8BB4A8886D7F74D19E54BF45A565146391A291DF3");
        Assert.That(new Sealer(Keys).Open("text", sealedBytes), Is.EqualTo(Encoding.UTF8.GetBytes("what nobody else is to read")));
    }

    [Test]
    public void A_refresh_token_that_was_given_out_is_read_and_followed_as_ever()
    {
        var read = new RefreshTokens(Keys, new KeyedHasher(Keys)).Read(
            "AZqq1I1AfB6dCj9fihssPQABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4fLdjTbD-GXjlAbxxx5495iw")!;
        Assert.That(read.SessionId, Is.EqualTo(new Guid("019aaad4-8d40-7c1e-9d0a-3f5f8a1b2c3d")));
        Assert.That(
            read.Successors[0].Text,
            Is.EqualTo("AZqq1I1AfB6dCj9fihssPWMwq2RgNd-H0LUNpoj8y577xp1VUCxcHVgXB1rIcBk7kNH7dB6O-HEjRPg_y-KW-g"));
    }
}
