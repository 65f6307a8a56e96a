using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using PhoneAuth.Application.Abstractions;
using PhoneAuth.Application.Profiles;
using PhoneAuth.Application.Sessions;
using PhoneAuth.Domain.Users;
using PhoneAuth.Infrastructure.Security;

namespace PhoneAuth.WebApi.Http;

/// <summary>
/// Accepts our own access tokens and no others (RFC 8725): ES256 alone, keys of our store alone whatever a header says, our issuer and
/// audience, a session that has not ended and a user who is not blocked.
/// </summary>
internal static class Authentication
{
    private static readonly TimeSpan Leeway = TimeSpan.FromSeconds(30);

    public static IServiceCollection AddTokenAuthentication(this IServiceCollection services)
    {
        // An address that lets anybody in looks at no token, so it answers whatever the database does: who calls is asked by the policy of
        // those that let in some, and not for every call, as the framework has it where there is one scheme alone.
        AppContext.SetSwitch("Microsoft.AspNetCore.Authentication.SuppressAutoDefaultScheme", isEnabled: true);
        services.AddAuthentication().AddJwtBearer();
        services.AddAuthorizationBuilder().SetDefaultPolicy(new AuthorizationPolicyBuilder(JwtBearerDefaults.AuthenticationScheme).RequireAuthenticatedUser().Build());

        // Authentication brings along keys for cookies, made at start and kept in a home folder: nothing here uses them.
        foreach (var keyMaker in services.Where(IsKeyMaker).ToList())
        {
            services.Remove(keyMaker);
        }

        services.AddOptions<JwtBearerOptions>(JwtBearerDefaults.AuthenticationScheme).Configure<SigningKeyRing, IssuedTokens, IOptions<TokenOptions>, TimeProvider>(Configure);
        return services;
    }

    private static bool IsKeyMaker(ServiceDescriptor service) =>
        service.ServiceType == typeof(IHostedService) && service.ImplementationType?.Namespace?.StartsWith("Microsoft.AspNetCore.DataProtection", StringComparison.Ordinal) is true;

    private static void Configure(JwtBearerOptions options, SigningKeyRing keyRing, IssuedTokens issued, IOptions<TokenOptions> tokens, TimeProvider clock)
    {
        options.TokenHandlers.Clear();
        options.TokenHandlers.Add(new RememberingTokenHandler(keyRing, issued, clock, Leeway) { MapInboundClaims = false });
        options.TokenValidationParameters = new TokenValidationParameters
        {
            ValidIssuer = tokens.Value.Issuer,
            ValidAudience = tokens.Value.Audience,
            ValidAlgorithms = [SecurityAlgorithms.EcdsaSha256],
            ValidTypes = [JwtConstants.HeaderType],
            RequireExpirationTime = true,
            RequireSignedTokens = true,
            TryAllIssuerSigningKeys = false,
            ClockSkew = Leeway,
            IssuerSigningKeyResolver = (_, _, keyId, _) => keyRing.Find(keyId) is { } key ? [key.Key] : [],
            LifetimeValidator = (_, expires, _, _) => expires is { } end && clock.GetUtcNow().UtcDateTime < end + Leeway,
        };
        options.Events = new JwtBearerEvents
        {
            OnMessageReceived = context => keyRing.EnsureLoadedAsync(context.HttpContext.RequestAborted).AsTask(),
            OnTokenValidated = CheckSessionAsync,
            OnChallenge = context =>
            {
                context.HandleResponse();
                return new ProblemResult(UserErrors.Unauthenticated).ExecuteAsync(context.HttpContext);
            },
        };
    }

    private static async Task CheckSessionAsync(TokenValidatedContext context)
    {
        var services = context.HttpContext.RequestServices;
        var token = (JsonWebToken)context.SecurityToken;
        var live = Guid.TryParse(token.Subject, out var userId)
            && token.TryGetPayloadValue<string>(JwtRegisteredClaimNames.Sid, out var sid)
            && Guid.TryParse(sid, out var sessionId)
            && await IsLiveAsync(context.HttpContext, userId, sessionId, services.GetRequiredService<TimeProvider>().UtcNow());
        if (!live)
        {
            context.Fail("The session has ended.");
        }
    }

    /// <summary>Where the profile is all that is asked, it is read in the same statement, and the use case finds it read.</summary>
    private static async Task<bool> IsLiveAsync(HttpContext context, Guid userId, Guid sessionId, DateTimeOffset now) =>
        context.GetEndpoint()?.Metadata.GetMetadata<ReadsOwnProfile>() is not null
            ? await context.RequestServices.GetRequiredService<IProfileReader>().FindAsync(userId, sessionId, now, context.RequestAborted) is not null
            : await context.RequestServices.GetRequiredService<ISessionReader>().IsLiveAsync(sessionId, userId, now);
}

/// <summary>Marks an endpoint that asks for the caller's profile and changes nothing.</summary>
internal sealed record ReadsOwnProfile;
