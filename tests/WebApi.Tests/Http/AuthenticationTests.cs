using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using PhoneAuth.Infrastructure.Security;
using PhoneAuth.Testing;
using PhoneAuth.WebApi.Tests.Harness;

namespace PhoneAuth.WebApi.Tests.Http;

/// <summary>Tokens that somebody made who has no key of ours, and tokens of ours that are no longer, or not here, worth anything (RFC 8725).</summary>
[OnBothDatabases]
internal sealed class AuthenticationTests(DatabaseKind kind) : ApiTest(kind)
{
    private Person person = null!;
    private SigningKey key = null!;

    [OneTimeSetUp]
    public async Task SignInAsync()
    {
        person = await Api.SignInAsync();
        key = Api.Services.GetRequiredService<SigningKeyRing>().Current();
    }

    [Test]
    public void A_token_says_who_signed_in_where_and_until_when()
    {
        var (header, payload) = (Jwt.Header(person.AccessToken), Jwt.Payload(person.AccessToken));
        var issued = DateTimeOffset.FromUnixTimeSeconds(payload.GetProperty("iat").GetInt64());
        Assert.Multiple(() =>
        {
            Assert.That(header.EnumerateObject().Select(member => member.Name), Is.EquivalentTo(new[] { "alg", "kid", "typ" }));
            Assert.That((header.Text("alg"), header.Text("kid"), header.Text("typ")), Is.EqualTo(("ES256", key.Key.KeyId, "JWT")));
            Assert.That(
                payload.EnumerateObject().Select(member => member.Name),
                Is.EquivalentTo(new[] { "iss", "aud", "sub", "sid", "phone_number", "phone_number_verified", "iat", "exp" }));
            Assert.That((payload.Text("iss"), payload.Text("aud")), Is.EqualTo(("http://localhost:8080", "phoneauth")));
            Assert.That(payload.Text("phone_number"), Is.EqualTo(person.PhoneNumber));
            Assert.That(payload.GetProperty("phone_number_verified").ValueKind, Is.EqualTo(JsonValueKind.True));
            Assert.That(payload.GetProperty("exp").GetInt64(), Is.EqualTo(issued.AddMinutes(10).ToUnixTimeSeconds()));
            Assert.That(Guid.Parse(payload.Text("sub")).Version, Is.EqualTo(7));
        });
    }

    [Test]
    public async Task What_we_would_sign_ourselves_is_accepted() => Assert.That(await StatusAsync(Forge()), Is.EqualTo(HttpStatusCode.OK), "Else no forgery below proves a thing.");

    [TestCase("none")]
    [TestCase("None")]
    [TestCase("NONE")]
    [TestCase("nOnE")]
    public async Task A_token_without_a_signature_is_none(string algorithm)
    {
        var unsigned = Unsigned(Header(header => header["alg"] = algorithm), Payload());
        await AssertRefusedAsync(unsigned + ".", unsigned, unsigned + "." + person.AccessToken.Split('.')[2], Unsigned("""{"alg":"none"}""", Payload()) + ".");
    }

    [Test]
    public async Task The_public_key_is_no_password()
    {
        var ecdsa = key.Key.ECDsa;
        var keySet = (await Client.ReadAsync(HttpMethod.Get, "/.well-known/jwks.json")).Body;
        var jwk = JsonDocument.Parse(keySet).RootElement.GetProperty("keys")[0];
        var secrets = new List<byte[]>
        {
            Encoding.ASCII.GetBytes(ecdsa.ExportSubjectPublicKeyInfoPem()),
            Encoding.ASCII.GetBytes(ecdsa.ExportSubjectPublicKeyInfoPem() + "\n"),
            ecdsa.ExportSubjectPublicKeyInfo(),
            Encoding.ASCII.GetBytes(keySet),
            Encoding.ASCII.GetBytes(jwk.GetRawText()),
            Encoding.ASCII.GetBytes(jwk.Text("x")),
            Base64Url.DecodeFromChars(jwk.Text("x")),
            Array.Empty<byte>(),
        };
        foreach (var secret in secrets)
        {
            var text = Unsigned(Header(header => header["alg"] = "HS256"), Payload());
            await AssertRefusedAsync(text + "." + Base64Url.EncodeToString(HMACSHA256.HashData(secret, Encoding.ASCII.GetBytes(text))));
        }
    }

    [Test]
    public async Task Somebody_elses_key_under_our_id_is_not_ours()
    {
        using var foreign = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var bigger = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        using var rsa = RSA.Create(2048);
        var text = Unsigned(Header(header => header["alg"] = "RS256"), Payload());
        await AssertRefusedAsync(
            Forge(with: foreign),
            Forge(header => header["alg"] = "ES384", with: bigger, hash: HashAlgorithmName.SHA384),
            Forge(header => header["alg"] = "ES384"),
            Forge(header => header["alg"] = "ES256K"),
            Forge(header => header["alg"] = "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256"),
            Forge(header => header["alg"] = "es256"),
            Forge(header => header["alg"] = ""),
            Forge(header => header.Remove("alg")),
            text + "." + Base64Url.EncodeToString(rsa.SignData(Encoding.ASCII.GetBytes(text), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)));
    }

    [Test]
    public async Task A_key_that_a_token_brings_along_is_not_looked_at()
    {
        using var foreign = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var q = foreign.ExportParameters(false).Q;
        JsonObject Jwk() => new() { ["kty"] = "EC", ["crv"] = "P-256", ["x"] = Base64Url.EncodeToString(q.X!), ["y"] = Base64Url.EncodeToString(q.Y!), ["kid"] = key.Key.KeyId };
        var certificate = new System.Security.Cryptography.X509Certificates.CertificateRequest("CN=us", foreign, HashAlgorithmName.SHA256)
            .CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(200));
        Action<JsonObject>[] tricks =
        [
            header => header["jwk"] = Jwk(),
            header => header["jku"] = "http://127.0.0.1:9/jwks.json",
            header => header["x5u"] = "http://127.0.0.1:9/chain.pem",
            header => header["x5c"] = new JsonArray(Convert.ToBase64String(certificate.RawData)),
            header => header["x5t"] = Base64Url.EncodeToString(certificate.GetCertHash()),
        ];
        foreach (var trick in tricks)
        {
            await AssertRefusedAsync(Forge(trick, with: foreign), Forge(header => { trick(header); header.Remove("kid"); }, with: foreign));
        }
    }

    [TestCase("")]
    [TestCase("unknown")]
    [TestCase("../../../../dev/null")]
    [TestCase("' OR '1'='1")]
    [TestCase("0")]
    [TestCase("http://127.0.0.1:9/key")]
    public async Task A_key_id_names_a_key_of_ours_or_nothing(string keyId)
    {
        using var foreign = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await AssertRefusedAsync(Forge(header => header["kid"] = keyId), Forge(header => header["kid"] = keyId, with: foreign));
    }

    [Test]
    public async Task Without_a_key_id_or_with_one_that_is_no_text_no_key_is_tried() => await AssertRefusedAsync(
        Forge(header => header.Remove("kid")),
        Forge(header => header["kid"] = null),
        Forge(header => header["kid"] = 1),
        Forge(header => header["kid"] = new JsonArray(key.Key.KeyId)),
        Forge(header => header["kid"] = key.Key.KeyId.ToUpperInvariant() + " "));

    [Test]
    public async Task Another_type_of_token_is_not_an_access_token() => await AssertRefusedAsync(
        Forge(header => header["typ"] = "refresh+jwt"),
        Forge(header => header["typ"] = "dpop+jwt"),
        Forge(header => header["typ"] = "secevent+jwt"),
        Forge(header => header["typ"] = ""),
        Forge(header => header.Remove("typ")));

    [Test]
    public async Task Another_issuer_or_audience_is_not_ours() => await AssertRefusedAsync(
        Forge(payload: payload => payload["iss"] = "http://localhost:8081"),
        Forge(payload: payload => payload["iss"] = "http://localhost:8080/"),
        Forge(payload: payload => payload["iss"] = ""),
        Forge(payload: payload => payload.Remove("iss")),
        Forge(payload: payload => payload["iss"] = "HTTP://LOCALHOST:8080"),
        Forge(payload: payload => payload["aud"] = "somebody-else"),
        Forge(payload: payload => payload["aud"] = ""),
        Forge(payload: payload => payload["aud"] = new JsonArray()),
        Forge(payload: payload => payload.Remove("aud")));

    [Test]
    public async Task A_token_is_good_for_thirty_seconds_beyond_its_end_and_not_a_moment_longer()
    {
        Assert.That(await StatusAsync(Forge(payload: payload => payload["exp"] = Api.Clock.Now.AddSeconds(-29).ToUnixTimeSeconds())), Is.EqualTo(HttpStatusCode.OK));
        await AssertRefusedAsync(
            Forge(payload: payload => payload["exp"] = Api.Clock.Now.AddSeconds(-30).ToUnixTimeSeconds()),
            Forge(payload: payload => payload["exp"] = Api.Clock.Now.AddDays(-1).ToUnixTimeSeconds()),
            Forge(payload: payload => payload["exp"] = -1),
            Forge(payload: payload => payload["exp"] = 0),
            Forge(payload: payload => payload["exp"] = "tomorrow"),
            Forge(payload: payload => payload["exp"] = null),
            Forge(payload: payload => payload.Remove("exp")));
    }

    [Test]
    public async Task A_session_or_user_that_does_not_fit_is_nobody()
    {
        var other = await Api.SignInAsync();
        await AssertRefusedAsync(
            Forge(payload: payload => payload["sid"] = other.SessionId.ToString()),
            Forge(payload: payload => payload["sub"] = other.UserId.ToString()),
            Forge(payload: payload => payload["sid"] = Guid.Empty.ToString()),
            Forge(payload: payload => payload.Remove("sid")),
            Forge(payload: payload => payload.Remove("sub")),
            Forge(payload: payload => payload["sub"] = "1 OR 1=1"));
    }

    [Test]
    public async Task A_token_that_was_tampered_with_is_refused()
    {
        var other = await Api.SignInAsync();
        var (own, others) = (person.AccessToken.Split('.'), other.AccessToken.Split('.'));
        await AssertRefusedAsync(
            $"{own[0]}.{others[1]}.{own[2]}",
            $"{own[0]}.{own[1]}.{others[2]}",
            $"{own[0]}.{own[1]}.",
            $"{own[0]}.{own[1]}",
            $"{own[0]}..{own[2]}",
            $".{own[1]}.{own[2]}",
            "..",
            ".",
            $"{own[0]}.{own[1]}.{own[2][..^2]}",
            $"{own[0]}.{own[1]}.{Base64Url.EncodeToString(new byte[64])}",
            $"{own[0]}.{own[1]}.{Base64Url.EncodeToString(key.Key.ECDsa.SignData(Encoding.ASCII.GetBytes(own[0] + "." + own[1]), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence))}",
            $"{own[0]}.{own[1]}.{own[2]}.{own[2]}.{own[2]}",
            $"{own[0]}.{own[1]}.{own[2]}.",
            $"{own[0]}.{Jwt.Encode("{}")}.{own[2]}",
            $"{own[0]}.{Jwt.Encode("[]")}.{own[2]}",
            $"{own[0]}.{Jwt.Encode("not json")}.{own[2]}",
            $"{Jwt.Encode("null")}.{own[1]}.{own[2]}",
            person.RefreshToken,
            "x",
            new string('A', 8000),
            new string('.', 8000),
            $"{own[0]}.{new string('A', 8000)}.{own[2]}");
        for (var at = own[0].Length + 1; at < person.AccessToken.Length; at += 7)
        {
            if (person.AccessToken[at] is not '.')
            {
                var flipped = person.AccessToken.ToCharArray();
                flipped[at] = flipped[at] == 'A' ? 'B' : 'A';
                await AssertRefusedAsync(new string(flipped));
            }
        }
    }

    [Test]
    public async Task An_extension_that_nobody_here_understands_does_not_make_a_foreign_key_ours()
    {
        using var foreign = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await AssertRefusedAsync(
            Forge(header => { header["crit"] = new JsonArray("exp"); header["exp"] = 1; }, with: foreign),
            Forge(header => { header["b64"] = false; header["crit"] = new JsonArray("b64"); }, with: foreign),
            Forge(header => { header["zip"] = "DEF"; }, with: foreign),
            Forge(header => { header["enc"] = "A128GCM"; header["alg"] = "dir"; }, with: foreign));
    }

    [Test]
    public async Task A_token_counts_only_where_it_belongs()
    {
        var token = person.AccessToken;
        (string Path, (string Name, string Value)[] Headers)[] elsewhere =
        [
            ("/profile?access_token=" + token, []),
            ("/profile", [("Authorization", token)]),
            ("/profile", [("Authorization", "Basic " + token)]),
            ("/profile", [("Authorization", "DPoP " + token)]),
            ("/profile", [("Authorization", $"Bearer {token}, Bearer {token}")]),
            ("/profile", [("Cookie", "access_token=" + token)]),
            ("/profile", [("X-Authorization", "Bearer " + token)]),
            ("/profile", [("Authorization", "Bearer")]),
            ("/profile", [("Authorization", "Bearer ")]),
        ];
        foreach (var (path, headers) in elsewhere)
        {
            var answer = await Client.ReadAsync(HttpMethod.Get, path, null, headers);
            Assert.That((answer.Status, answer.Code), Is.EqualTo((HttpStatusCode.Unauthorized, "unauthenticated")), path + string.Join(' ', headers));
        }
    }

    [Test]
    public async Task Every_protected_call_asks_who_is_there()
    {
        foreach (var (method, path) in Calls.Protected(person.PhoneNumber, person.SessionId))
        {
            foreach (var client in new[] { Client, Api.ClientWith("x"), Api.ClientWith(Forge(payload: payload => payload["exp"] = 1)) })
            {
                var answer = await client.ReadAsync(method, path);
                Assert.That((answer.Status, answer.Code), Is.EqualTo((HttpStatusCode.Unauthorized, "unauthenticated")), $"{method} {path}");
                Assert.That(answer.Headers.WwwAuthenticate.ToString(), Is.EqualTo("Bearer"));
            }
        }

        Assert.That((await person.ProfileAsync()).Status, Is.EqualTo(HttpStatusCode.OK));
    }

    private static string Unsigned(string header, string payload) => Jwt.Encode(header) + "." + Jwt.Encode(payload);

    /// <summary>The person's token anew, changed, and signed with our key unless another is named.</summary>
    private string Forge(Action<JsonObject>? header = null, Action<JsonObject>? payload = null, ECDsa? with = null, HashAlgorithmName? hash = null)
    {
        var text = Unsigned(Header(header), Payload(payload));
        return text + "." + Base64Url.EncodeToString((with ?? key.Key.ECDsa).SignData(Encoding.ASCII.GetBytes(text), hash ?? HashAlgorithmName.SHA256));
    }

    private string Header(Action<JsonObject>? change = null) => Changed(Jwt.Header(person.AccessToken), change);

    private string Payload(Action<JsonObject>? change = null) => Changed(Jwt.Payload(person.AccessToken), change);

    private static string Changed(JsonElement part, Action<JsonObject>? change)
    {
        var json = JsonNode.Parse(part.GetRawText())!.AsObject();
        change?.Invoke(json);
        return json.ToJsonString();
    }

    private async Task<HttpStatusCode> StatusAsync(string token)
    {
        var answer = await Client.ReadAsync(HttpMethod.Get, "/profile", null, ("Authorization", "Bearer " + token));
        return answer.Status;
    }

    private async Task AssertRefusedAsync(params string[] tokens)
    {
        foreach (var token in tokens)
        {
            var answer = await Client.ReadAsync(HttpMethod.Get, "/profile", null, ("Authorization", "Bearer " + token));
            Assert.That((answer.Status, answer.Code), Is.EqualTo((HttpStatusCode.Unauthorized, "unauthenticated")), token);
            Assert.That(answer.Headers.WwwAuthenticate.ToString(), Is.EqualTo("Bearer"));
        }
    }
}
