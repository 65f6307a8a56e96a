using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using PhoneAuth.Application.Abstractions;
using PhoneAuth.Domain.Sessions;
using PhoneAuth.Domain.Users;

namespace PhoneAuth.Infrastructure.Security;

internal sealed class AccessTokens(SigningKeyRing keyRing, TokenOptions options, SessionPolicy policy) : IAccessTokens
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
        return (token, (int)policy.AccessTokenLifetime.TotalSeconds);
    }
}
