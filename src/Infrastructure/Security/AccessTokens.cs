using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using PhoneAuth.Application.Abstractions;
using PhoneAuth.Domain.Sessions;
using PhoneAuth.Domain.Users;

namespace PhoneAuth.Infrastructure.Security;

internal sealed class AccessTokens(SigningKeyRing keyRing, IssuedTokens issued, TokenOptions options, SessionPolicy policy) : IAccessTokens
{
    private const int UsualSize = 512;

    private static readonly JsonWebTokenHandler Handler = new();
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public (string Token, int ExpiresIn) Issue(User user, Guid sessionId, DateTimeOffset now)
    {
        var token = Handler.CreateToken(Payload(user, sessionId, now), keyRing.Current().Credentials);
        issued.Remember(token);
        return (token, (int)policy.AccessTokenLifetime.TotalSeconds);
    }

    // Written here and not from a descriptor, which takes two and a half times the memory: the most of all that a refresh took.
    private string Payload(User user, Guid sessionId, DateTimeOffset now)
    {
        var buffer = new ArrayBufferWriter<byte>(UsualSize);
        using (var json = new Utf8JsonWriter(buffer, Plain))
        {
            json.WriteStartObject();
            json.WriteString(JwtRegisteredClaimNames.Iss, options.Issuer);
            json.WriteString(JwtRegisteredClaimNames.Aud, options.Audience);
            json.WriteNumber(JwtRegisteredClaimNames.Iat, now.ToUnixTimeSeconds());
            json.WriteNumber(JwtRegisteredClaimNames.Exp, (now + policy.AccessTokenLifetime).ToUnixTimeSeconds());
            json.WriteString(JwtRegisteredClaimNames.Sub, user.Id);
            json.WriteString(JwtRegisteredClaimNames.Sid, sessionId);
            json.WriteString(JwtRegisteredClaimNames.PhoneNumber, user.PhoneNumber.E164);
            json.WriteBoolean(JwtRegisteredClaimNames.PhoneNumberVerified, true);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}

/// <summary>The access tokens that this process has signed last.</summary>
public sealed class IssuedTokens
{
    private const int Remembered = 1_000;

    private readonly RecentTokens<bool> tokens = new(Remembered);

    /// <summary>Remembers a token that was just signed.</summary>
    /// <param name="token">The token.</param>
    public void Remember(string token) => tokens.Remember(token, false);

    /// <summary>Whether a token is, letter by letter, one that was signed here.</summary>
    /// <param name="token">The token that somebody presents.</param>
    /// <param name="wasUsed">Whether somebody has presented it before.</param>
    public bool Contains(string token, out bool wasUsed) => tokens.TryFind(token, out wasUsed);

    /// <summary>A token that was signed here has been presented.</summary>
    /// <param name="token">The token.</param>
    public void Use(string token) => tokens.Remember(token, true);
}
