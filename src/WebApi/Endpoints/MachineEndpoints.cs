using PhoneAuth.Domain.PhoneNumbers;
using PhoneAuth.Infrastructure.Persistence;
using PhoneAuth.Infrastructure.Security;
using PhoneAuth.Infrastructure.Sms;
using PhoneAuth.WebApi.Http;

namespace PhoneAuth.WebApi.Endpoints;

/// <summary>What machines ask: the keys, the documents that name them, whether the process is well.</summary>
internal static class MachineEndpoints
{
    private static readonly string[] GetOrHead = [HttpMethods.Get, HttpMethods.Head];

    public static void MapMachines(this IEndpointRouteBuilder api)
    {
        api.MapGet("/.well-known/openid-configuration", (TokenOptions tokens, HttpResponse response) =>
            {
                response.Headers.CacheControl = Published;
                var issuer = tokens.Issuer.TrimEnd('/');
                return new DiscoveryDocument(tokens.Issuer, issuer + "/.well-known/jwks.json", ["ES256"], ["public"], ["none"], ClaimsSupported);
            })
            .WithName("discovery").WithTags("Machines").WithSummary("Discovery document")
            .WithDescription("What a resource server needs to check access tokens by itself.")
            .Answers<DiscoveryDocument>(StatusCodes.Status200OK, null, Examples.Discovery);

        api.MapGet("/.well-known/jwks.json", async (SigningKeyRing keyRing, HttpResponse response, CancellationToken cancellationToken) =>
            {
                await keyRing.EnsureLoadedAsync(cancellationToken);
                response.Headers.CacheControl = Published;
                return new KeySet([.. keyRing.Published().Select(key => key.Public).Select(key =>
                    new PublicKey(key.Kty, key.Crv, key.Use, key.Alg, key.Kid, key.X, key.Y))]);
            })
            .WithName("keys").WithTags("Machines").WithSummary("Key set")
            .WithDescription("The public keys (RFC 7517) of access tokens that may still live.")
            .Answers<KeySet>(StatusCodes.Status200OK, null, Examples.Keys);

        api.MapMethods("/health/live", GetOrHead, (HttpResponse response) => Health(response, healthy: true))
            .WithName("live").WithTags("Machines").WithSummary("Liveness")
            .WithDescription("The process is up.")
            .Answers<HealthAnswer>(StatusCodes.Status200OK, null, new HealthAnswer("healthy"));

        api.MapMethods("/health/ready", GetOrHead, async (DatabaseMigrator migrator, SigningKeyRing keyRing, Drain drain, HttpResponse response, CancellationToken cancellationToken) =>
            {
                var ready = !drain.HasBegun && await migrator.IsReadyAsync(cancellationToken);
                if (ready)
                {
                    await keyRing.EnsureLoadedAsync(cancellationToken);
                }

                return Health(response, ready);
            })
            .WithName("ready").WithTags("Machines").WithSummary("Readiness")
            .WithDescription("The service can serve: its database is reachable and has the schema of this version.")
            .Answers<HealthAnswer>(StatusCodes.Status200OK, null, new HealthAnswer("healthy"));
    }

    /// <summary>The simulated gateway's inbox; where it is off, the address does not exist.</summary>
    public static void MapInbox(this IEndpointRouteBuilder api, bool isOn) =>
        api.MapGet("/dev/messages", (string? phoneNumber, DevInbox inbox, PhoneNumberPolicy numbers) =>
            {
                if (!isOn)
                {
                    return new ProblemResult(RequestErrors.NotFound);
                }

                if (phoneNumber is null)
                {
                    return Results.Json(inbox.Read(null));
                }

                // In a query a plus that nobody encoded arrives as a space.
                var parsed = PhoneNumber.Parse(phoneNumber, numbers.DefaultCountryCode);
                parsed = parsed.IsSuccess ? parsed : PhoneNumber.Parse("+" + phoneNumber.TrimStart(), numbers.DefaultCountryCode);
                return parsed.IsSuccess ? Results.Json(inbox.Read(parsed.Value.E164)) : new ProblemResult(parsed.Error);
            })
            .WithName("devMessages").WithTags("Development").WithSummary("Delivered messages")
            .WithDescription("What the simulated gateway has delivered, newest first, at most 100: of one number in any spelling, or of all. Absent unless `Sms:Simulated:Inbox` is on.")
            .Answers<IReadOnlyList<InboxMessage>>(StatusCodes.Status200OK, null, Examples.Inbox)
            .Refuses(RequestErrors.NotFound);

    private const string Published = "public, max-age=300";

    /// <summary>What access tokens say.</summary>
    public static readonly string[] ClaimsSupported = ["iss", "aud", "sub", "sid", "phone_number", "phone_number_verified", "iat", "exp"];

    private static IResult Health(HttpResponse response, bool healthy)
    {
        response.Headers.CacheControl = "no-cache";
        return healthy ? Results.Json(new HealthAnswer("healthy")) : new ProblemResult(RequestErrors.Unavailable);
    }
}

/// <summary>A discovery document, as far as checking tokens needs it (OpenID Connect Discovery 1.0).</summary>
internal sealed record DiscoveryDocument(
    [property: System.Text.Json.Serialization.JsonPropertyName("issuer")] string Issuer,
    [property: System.Text.Json.Serialization.JsonPropertyName("jwks_uri")] string JwksUri,
    [property: System.Text.Json.Serialization.JsonPropertyName("id_token_signing_alg_values_supported")] IReadOnlyList<string> SigningAlgorithms,
    [property: System.Text.Json.Serialization.JsonPropertyName("subject_types_supported")] IReadOnlyList<string> SubjectTypes,
    [property: System.Text.Json.Serialization.JsonPropertyName("response_types_supported")] IReadOnlyList<string> ResponseTypes,
    [property: System.Text.Json.Serialization.JsonPropertyName("claims_supported")] IReadOnlyList<string> Claims);

/// <summary>A key set (RFC 7517 5).</summary>
internal sealed record KeySet(IReadOnlyList<PublicKey> Keys);

/// <summary>A public key on P-256 (RFC 7518 6.2).</summary>
internal sealed record PublicKey(string Kty, string Crv, string Use, string Alg, string Kid, string X, string Y);

/// <summary>How the process is.</summary>
internal sealed record HealthAnswer(string Status);
