using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using PhoneAuth.Domain.Sessions;
using PhoneAuth.Infrastructure.Security;
using PhoneAuth.Infrastructure.Tests.Harness;
using PhoneAuth.Testing;

namespace PhoneAuth.Infrastructure.Tests.Security;

internal sealed class AccessTokensTests() : StoreTest(DatabaseKind.Sqlite)
{
    private static readonly TokenOptions Options = new() { Issuer = "https://id.example.com", Audience = "shop" };
    private static readonly SessionPolicy Policy = new() { AccessTokenLifetime = TimeSpan.FromMinutes(7) };

    private readonly IssuedTokens issued = new();

    [Test]
    public async Task A_token_says_who_is_signed_in_for_whom_until_when_and_nothing_else()
    {
        var (user, sessionId, now) = (Store.NewUser(), Guid.CreateVersion7(), Store.Clock.Now);
        var (token, expiresIn) = (await TokensAsync()).Issue(user, sessionId, now);
        var payload = JsonElement.Parse(Base64UrlEncoder.Decode(token.Split('.')[1]));
        Assert.That(payload.EnumerateObject().Select(claim => (claim.Name, claim.Value.ToString())), Is.EquivalentTo(new[]
        {
            ("iss", "https://id.example.com"),
            ("aud", "shop"),
            ("iat", $"{now.ToUnixTimeSeconds()}"),
            ("exp", $"{now.AddMinutes(7).ToUnixTimeSeconds()}"),
            ("sub", $"{user.Id}"),
            ("sid", $"{sessionId}"),
            ("phone_number", user.PhoneNumber.E164),
            ("phone_number_verified", "True"),
        }));
        Assert.That(expiresIn, Is.EqualTo(420));
    }

    [Test]
    public async Task It_is_signed_with_the_key_that_signs_now()
    {
        var token = new JsonWebToken((await TokensAsync()).Issue(Store.NewUser(), Guid.CreateVersion7(), Store.Clock.Now).Token);
        var key = Store.Resolve<SigningKeyRing>().Current();
        Assert.That((token.Alg, token.Kid, token.Typ), Is.EqualTo(("ES256", key.Key.KeyId, "JWT")));
        var result = await new JsonWebTokenHandler().ValidateTokenAsync(token, new TokenValidationParameters
        {
            IssuerSigningKey = key.Public,
            ValidIssuer = "https://id.example.com",
            ValidAudience = "shop",
            ValidateLifetime = false,
        });
        Assert.That(result.Exception, Is.Null);
    }

    [Test]
    public async Task It_is_remembered_as_one_that_was_issued_here()
    {
        var (token, _) = (await TokensAsync()).Issue(Store.NewUser(), Guid.CreateVersion7(), Store.Clock.Now);
        Assert.That((issued.Contains(token, out _), issued.Contains(token + "A", out _)), Is.EqualTo((true, false)));
    }

    private async Task<AccessTokens> TokensAsync()
    {
        var ring = Store.Resolve<SigningKeyRing>();
        await ring.EnsureLoadedAsync(default);
        return new AccessTokens(ring, issued, Options, Policy);
    }
}
