using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using PhoneAuth.Infrastructure.Security;

namespace PhoneAuth.WebApi.Http;

/// <summary>
/// Remembers tokens that it has found good, whole, so that a client's next calls pay for no signature check; a token that this very process
/// has signed and still remembers, letter by letter, pays for none at all. What may change since is looked at each time all the same: that the token
/// has not expired and that its key is still published; whether its session has ended is asked beyond this.
/// One that was signed here is remembered from its second call on: most are used once, and what is kept for nothing is all the collector has to move.
/// </summary>
internal sealed class RememberingTokenHandler(SigningKeyRing keyRing, IssuedTokens issued, TimeProvider clock, TimeSpan leeway) : JsonWebTokenHandler
{
    private const int Remembered = 1_000;

    private readonly RecentTokens<TokenValidationResult> found = new(Remembered);

    public override async Task<TokenValidationResult> ValidateTokenAsync(string token, TokenValidationParameters validationParameters)
    {
        if (found.TryFind(token, out var known) && StillGood(known))
        {
            return known;
        }

        var signedHere = issued.Contains(token, out var wasUsed) ? await base.ValidateTokenAsync(token, WithoutSignature(validationParameters)) : null;
        var result = signedHere is { IsValid: true } && StillGood(signedHere) ? signedHere : await base.ValidateTokenAsync(token, validationParameters);
        if (result.IsValid)
        {
            if (result != signedHere || wasUsed)
            {
                found.Remember(token, result);
            }
            else
            {
                issued.Use(token);
            }
        }

        return result;
    }

    private static TokenValidationParameters WithoutSignature(TokenValidationParameters parameters)
    {
        var without = parameters.Clone();
        without.SignatureValidator = static (token, _) => new JsonWebToken(token);
        return without;
    }

    private bool StillGood(TokenValidationResult known) =>
        known.SecurityToken is JsonWebToken token && clock.GetUtcNow().UtcDateTime < token.ValidTo + leeway && keyRing.Find(token.Kid) is not null;
}
