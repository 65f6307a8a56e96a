using System.Security.Claims;
using Microsoft.IdentityModel.JsonWebTokens;
using PhoneAuth.Application.Abstractions;
using PhoneAuth.Domain.PhoneNumbers;

namespace PhoneAuth.WebApi.Http;

/// <summary>Who calls, by the claims of a token that authentication has accepted.</summary>
internal sealed class CurrentUser(IHttpContextAccessor accessor) : ICurrentUser
{
    public Guid UserId => Guid.Parse(Claim(JwtRegisteredClaimNames.Sub));

    public PhoneNumber PhoneNumber => PhoneNumber.FromStorage(Claim(JwtRegisteredClaimNames.PhoneNumber));

    public Guid SessionId => Guid.Parse(Claim(JwtRegisteredClaimNames.Sid));

    private string Claim(string type) => accessor.HttpContext?.User.FindFirstValue(type)
        ?? throw new InvalidOperationException("A use case asks who calls, and its endpoint lets anybody in.");
}
