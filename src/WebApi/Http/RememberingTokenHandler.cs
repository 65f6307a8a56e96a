using System.Collections.Concurrent;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using PhoneAuth.Infrastructure.Security;

namespace PhoneAuth.WebApi.Http;

/// <summary>
/// Remembers tokens that it has found good, whole, so that a client's next calls pay for no signature check. What may change since is looked at
/// each time all the same: that the token has not expired and that its key is still published; whether its session has ended is asked
/// beyond this.
/// </summary>
internal sealed class RememberingTokenHandler(SigningKeyRing keyRing, TimeProvider clock, TimeSpan leeway) : JsonWebTokenHandler
{
    /// <summary>Tokens of a generation; there are two, the older one goes as a whole.</summary>
    private const int Generation = 5_000;

    private volatile ConcurrentDictionary<string, TokenValidationResult> younger = new(StringComparer.Ordinal);
    private volatile ConcurrentDictionary<string, TokenValidationResult> older = new(StringComparer.Ordinal);

    public override async Task<TokenValidationResult> ValidateTokenAsync(string token, TokenValidationParameters validationParameters)
    {
        if ((younger.TryGetValue(token, out var known) || older.TryGetValue(token, out known)) && StillGood(known))
        {
            return known;
        }

        var result = await base.ValidateTokenAsync(token, validationParameters);
        if (result.IsValid)
        {
            Remember(token, result);
        }

        return result;
    }

    private bool StillGood(TokenValidationResult known) =>
        known.SecurityToken is JsonWebToken token && clock.GetUtcNow().UtcDateTime < token.ValidTo + leeway && keyRing.Find(token.Kid) is not null;

    private void Remember(string token, TokenValidationResult result)
    {
        if (younger.Count >= Generation)
        {
            (older, younger) = (younger, new ConcurrentDictionary<string, TokenValidationResult>(StringComparer.Ordinal));
        }

        younger[token] = result;
    }
}
