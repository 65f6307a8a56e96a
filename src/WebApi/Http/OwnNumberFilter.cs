using Microsoft.IdentityModel.JsonWebTokens;
using PhoneAuth.Domain.PhoneNumbers;
using PhoneAuth.Domain.Users;

namespace PhoneAuth.WebApi.Http;

/// <summary>Lets a caller through to their own number alone. Whether another number is anybody's makes no difference: it is not looked up.</summary>
internal sealed class OwnNumberFilter : IEndpointFilter
{
    public const string RouteValue = "phoneNumber";

    public ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var parsed = PhoneNumber.ParseInternational(context.HttpContext.GetRouteValue(RouteValue) as string);
        if (parsed.Error is { } error)
        {
            return ValueTask.FromResult<object?>(new ProblemResult(error));
        }

        var own = context.HttpContext.User.FindFirst(JwtRegisteredClaimNames.PhoneNumber)?.Value;
        return string.Equals(parsed.Value!.E164, own, StringComparison.Ordinal)
            ? next(context)
            : ValueTask.FromResult<object?>(new ProblemResult(UserErrors.NotYourProfile));
    }
}
