using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using PhoneAuth.Application.Abstractions;
using PhoneAuth.Domain.Sessions;
using PhoneAuth.Domain.Users;

namespace PhoneAuth.Infrastructure.Security;

internal sealed class AccessTokens(SigningKeyRing keyRing, IssuedTokens issued, TokenOptions options, SessionPolicy policy) : IAccessTokens
{
    private static readonly JsonWebTokenHandler Handler = new() { SetDefaultTimesOnTokenCreation = false };

    public (string Token, int ExpiresIn) Issue(User user, Guid sessionId, DateTimeOffset now)
    {
        var token = Handler.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = options.Issuer,
            Audience = options.Audience,
            IssuedAt = now.UtcDateTime,
            Expires = (now + policy.AccessTokenLifetime).UtcDateTime,
            SigningCredentials = keyRing.Current().Credentials,
            Claims = new Dictionary<string, object>(StringComparer.Ordinal)
            {
                [JwtRegisteredClaimNames.Sub] = user.Id.ToString(),
                [JwtRegisteredClaimNames.Sid] = sessionId.ToString(),
                [JwtRegisteredClaimNames.PhoneNumber] = user.PhoneNumber.E164,
                [JwtRegisteredClaimNames.PhoneNumberVerified] = true,
            },
        });
        issued.Remember(token);
        return (token, (int)policy.AccessTokenLifetime.TotalSeconds);
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
