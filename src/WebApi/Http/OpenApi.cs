using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.Options;
using Microsoft.OpenApi;
using PhoneAuth.Application.Profiles;
using PhoneAuth.Application.Sessions;
using PhoneAuth.Domain;
using PhoneAuth.Domain.PhoneNumbers;
using PhoneAuth.Domain.Sessions;
using PhoneAuth.Domain.Users;

namespace PhoneAuth.WebApi.Http;

/// <summary>What an endpoint says of itself beyond its signature; the document is made of it.</summary>
internal static class EndpointDescriptions
{
    public static RouteHandlerBuilder Answers<TResponse>(this RouteHandlerBuilder endpoint, int status, object? request, object? response) =>
        endpoint.WithMetadata(new ProducesResponseTypeMetadata(status, typeof(TResponse), ["application/json"]), new ExampleMetadata(status, request, response));

    public static RouteHandlerBuilder AnswersNothing(this RouteHandlerBuilder endpoint) =>
        endpoint.WithMetadata(new ProducesResponseTypeMetadata(StatusCodes.Status204NoContent, typeof(void)));

    public static RouteHandlerBuilder Refuses(this RouteHandlerBuilder endpoint, params Error[] errors) => endpoint.WithMetadata(new RefusalsMetadata(errors));

    public static RouteHandlerBuilder RefusesOthers(this RouteHandlerBuilder endpoint, params Error[] errors) =>
        endpoint.Refuses([UserErrors.NotYourProfile, .. errors]);
}

internal sealed record ExampleMetadata(int Status, object? Request, object? Response);

/// <summary>A body that the endpoint reads by itself, of these content types; its example is of the one that is JSON.</summary>
internal sealed record AnyBodyMetadata(IReadOnlyList<string> ContentTypes);

internal sealed record RefusalsMetadata(IReadOnlyList<Error> Errors);

/// <summary>The OpenAPI document: every call with its examples, every status with its problems.</summary>
internal static class OpenApiSetup
{
    public const string DocumentName = "v1";

    private const string Bearer = "bearer";
    private const string Command = "Command";
    private const string ProblemJson = "application/problem+json";

    public static IServiceCollection AddOpenApiDocument(this IServiceCollection services) => services.AddSingleton<ServedDocument>().AddOpenApi(DocumentName, options =>
    {
        options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_0;
        options.CreateSchemaReferenceId = type => NameOf(type.Type) ?? OpenApiOptions.CreateDefaultSchemaReferenceId(type);
        options.ShouldInclude = call => !string.Equals(call.HttpMethod, HttpMethods.Head, StringComparison.Ordinal);
        options.AddDocumentTransformer(Introduce);
        options.AddOperationTransformer(DescribeAsync);
        options.AddSchemaTransformer(Shape);
    });

    private static Task Introduce(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info = new OpenApiInfo
        {
            Title = "PhoneAuth",
            Version = DocumentName,
            Description = Introduction,
            License = new OpenApiLicense { Name = "MIT", Identifier = null, Url = new Uri("https://opensource.org/license/mit") },
        };
        document.Servers = [new OpenApiServer { Url = "/" }];
        document.Security = [];
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>(StringComparer.Ordinal)
        {
            [Bearer] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = Bearer,
                BearerFormat = "JWT",
                Description = "The access token that `verify-code` and `refresh-token` answer. Signed with ES256; it lives ten minutes.",
            },
        };
        document.Tags = new HashSet<OpenApiTag>
        {
            new() { Name = "Sign-in", Description = "A number, a code, a session." },
            new() { Name = "Profile", Description = "The caller's own profile and invites." },
            new() { Name = "Sessions", Description = "Signed-in devices and their tokens." },
            new() { Name = "Machines", Description = "What resource servers and operators' tools ask." },
            new() { Name = "Development", Description = "Trying things out without a phone." },
        };
        return Task.CompletedTask;
    }

    private static async Task DescribeAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        var json = context.ApplicationServices.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;
        operation.Responses ??= [];
        operation.Responses.Remove("default");

        if (metadata.OfType<JsonBodyMetadata>().FirstOrDefault() is { } body)
        {
            operation.RequestBody = new OpenApiRequestBody
            {
                Required = true,
                Content = new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal)
                {
                    ["application/json"] = new() { Schema = await ComponentAsync(body.Type, context, cancellationToken) },
                },
            };
        }

        if (metadata.OfType<AnyBodyMetadata>().FirstOrDefault() is { } any)
        {
            operation.RequestBody = new OpenApiRequestBody
            {
                Required = true,
                Content = any.ContentTypes.ToDictionary(
                    type => type, _ => new OpenApiMediaType { Schema = new OpenApiSchema { Type = JsonSchemaType.Object } }, StringComparer.Ordinal),
            };
        }

        foreach (var example in metadata.OfType<ExampleMetadata>())
        {
            if (example.Request is not null && operation.RequestBody?.Content?.TryGetValue("application/json", out var request) is true)
            {
                request.Example = JsonSerializer.SerializeToNode(example.Request, example.Request.GetType(), json);
            }

            var answer = operation.Responses[example.Status.ToString(CultureInfo.InvariantCulture)];
            answer.Description ??= "";
            if (example.Response is not null && answer.Content?.Values.FirstOrDefault() is { } response)
            {
                response.Example = JsonSerializer.SerializeToNode(example.Response, example.Response.GetType(), json);
            }
        }

        DescribeParameters(operation);
        var isProtected = metadata.OfType<IAuthorizeData>().Any();
        if (isProtected)
        {
            operation.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Bearer, context.Document)] = [] }];
        }

        var schema = await ComponentAsync(typeof(Problem), context, cancellationToken);
        foreach (var refusals in RefusalsOf(operation, metadata, isProtected).GroupBy(ErrorStatus.Of).OrderBy(group => group.Key))
        {
            operation.Responses[refusals.Key.ToString(CultureInfo.InvariantCulture)] = new OpenApiResponse
            {
                Description = string.Join(" or ", refusals.Select(error => $"`{error.Code}`").Distinct(StringComparer.Ordinal)),
                Headers = HeadersOf(refusals.Key),
                Content = new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal)
                {
                    [ProblemJson] = new()
                    {
                        Schema = schema,
                        Examples = refusals.DistinctBy(error => error.Code, StringComparer.Ordinal).ToDictionary(
                            error => error.Code, error => (IOpenApiExample)new OpenApiExample { Summary = error.Message, Value = Sample(error, context, json) }, StringComparer.Ordinal),
                    },
                },
            };
        }
    }

    /// <summary>What the serializer knows and a schema made by reflection does not.</summary>
    private static Task Shape(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        var type = context.JsonTypeInfo.Type;
        if (type == typeof(DateTimeOffset) || type == typeof(DateTimeOffset?))
        {
            (schema.Type, schema.Format) = (JsonSchemaType.String, "date-time");
        }

        // Null is written nowhere in a problem, and a request may say it only of what it may leave out.
        if (type == typeof(Problem) || type.Name.EndsWith(Command, StringComparison.Ordinal))
        {
            foreach (var property in schema.Properties?.Values.OfType<OpenApiSchema>() ?? [])
            {
                property.Type &= ~JsonSchemaType.Null;
            }

            if (type == typeof(Problem) && schema.Properties?["code"] is OpenApiSchema code)
            {
                code.Enum = [.. ProblemTexts.Codes.Select(known => JsonValue.Create(known))];
            }

            if (Optional("deviceName", schema) is { } deviceName)
            {
                deviceName.MaxLength = Session.MaxDeviceNameLength;
            }

            if (Optional("androidAppHash", schema) is { } appHash)
            {
                appHash.Pattern = "^[A-Za-z0-9+/]{11}$";
                appHash.Description = "With it the text ends with these eleven characters, so that Android hands it to the app by itself (SMS Retriever).";
            }
        }

        return Task.CompletedTask;
    }

    /// <summary>A member that a request may leave out, or say null of.</summary>
    private static OpenApiSchema? Optional(string member, OpenApiSchema schema)
    {
        if (schema.Properties?.TryGetValue(member, out var found) is not true || found is not OpenApiSchema optional)
        {
            return null;
        }

        schema.Required?.Remove(member);
        optional.Type |= JsonSchemaType.Null;
        return optional;
    }

    private static async Task<OpenApiSchemaReference> ComponentAsync(Type type, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var name = NameOf(type) ?? type.Name;
        context.Document!.AddComponent(name, await context.GetOrCreateSchemaAsync(type, null, cancellationToken));
        return new OpenApiSchemaReference(name, context.Document);
    }

    /// <summary>What consumers call a shape, where our own word for it says what it does in here; they read it in the document and in generated clients.</summary>
    private static string? NameOf(Type type) =>
        type == typeof(ProfileResponse) ? "Profile"
        : type == typeof(InvitedUserResponse) ? "InvitedUser"
        : type == typeof(InvitedUsersResponse) ? "InvitedUsersPage"
        : type == typeof(SessionResponse) ? "Session"
        : type == typeof(TokenResponse) ? "TokenPair"
        : type == typeof(RefreshSessionCommand) ? "RefreshTokenRequest"
        : type.Name.EndsWith(Command, StringComparison.Ordinal) ? type.Name[..^Command.Length] + "Request"
        : null;

    private static IEnumerable<Error> RefusalsOf(OpenApiOperation operation, IList<object> metadata, bool isProtected)
    {
        if (isProtected)
        {
            yield return UserErrors.Unauthenticated;
        }

        if (metadata.OfType<JsonBodyMetadata>().Any())
        {
            yield return RequestErrors.Malformed;
            yield return RequestErrors.TooLarge;
            yield return RequestErrors.UnsupportedMediaType;
            yield return Error.Validation(operation.OperationId is "activateInviteCode" ? "inviteCode" : operation.OperationId is "refreshToken" ? "refreshToken" : "phoneNumber", PhoneNumber.InvalidMessage);
        }
        else if (operation.Parameters is { Count: > 0 } && operation.OperationId is not ("endSession" or "recordReceipts"))
        {
            yield return Error.Validation("phoneNumber", PhoneNumber.InvalidMessage);
        }

        foreach (var error in metadata.OfType<RefusalsMetadata>().SelectMany(refusals => refusals.Errors))
        {
            yield return error;
        }

        // These two answer whatever the database does.
        if (operation.OperationId is not ("live" or "discovery"))
        {
            yield return RequestErrors.Unavailable;
        }
    }

    private static Dictionary<string, IOpenApiHeader>? HeadersOf(int status) => status switch
    {
        StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable => Header("Retry-After", "Seconds until it is worth trying again.", JsonSchemaType.Integer),
        StatusCodes.Status401Unauthorized => Header("WWW-Authenticate", "`Bearer`", JsonSchemaType.String),
        _ => null,
    };

    private static Dictionary<string, IOpenApiHeader> Header(string name, string description, JsonSchemaType type) => new(StringComparer.Ordinal)
    {
        [name] = new OpenApiHeader { Description = description, Required = true, Schema = new OpenApiSchema { Type = type } },
    };

    private static void DescribeParameters(OpenApiOperation operation)
    {
        foreach (var parameter in operation.Parameters?.OfType<OpenApiParameter>() ?? [])
        {
            (parameter.Description, parameter.Example, parameter.Schema) = parameter switch
            {
                { Name: "phoneNumber", In: ParameterLocation.Path } => ("The caller's own number in E.164, with or without the plus.", "+79001234567", parameter.Schema),
                { Name: "phoneNumber" } => ("A number in any spelling; of all numbers when absent.", "+79001234567", parameter.Schema),
                { Name: "limit" } => (
                    "How many at most.", 100, new OpenApiSchema { Type = JsonSchemaType.Integer, Minimum = "1", Maximum = "500", Default = JsonValue.Create(100) }),
                { Name: "after" } => ("The `next` of the page before.", JsonValue.Create("CN8kLWpHQABvWqrBqnQcB5g5sxoQKx_d"), parameter.Schema),
                { Name: "gateway" } => ("The gateway's name, in upper or lower case.", JsonValue.Create("webhook"), parameter.Schema),
                { Name: "id" } => ("The session's id.", JsonValue.Create("019aaad4-8d40-7c1e-9d0a-3f5f8a1b2c3d"), parameter.Schema),
                _ => (parameter.Description, parameter.Example, parameter.Schema),
            };
        }
    }

    private static JsonNode? Sample(Error error, OpenApiOperationTransformerContext context, JsonSerializerOptions json) => JsonSerializer.SerializeToNode(
        new Problem
        {
            Type = "urn:phoneauth:" + error.Code,
            Title = ProblemTexts.Title(error.Code, Languages.English),
            Status = ErrorStatus.Of(error),
            Detail = error.Message,
            Instance = "/" + context.Description.RelativePath?.Replace("{phoneNumber}", "+79001234567", StringComparison.Ordinal),
            TraceId = "4bf92f3577b34da6a3ce929d0e0e4736",
            Code = error.Code,
            Errors = error.Fields,
            AttemptsLeft = error.AttemptsLeft,
            RetryAt = error.RetryAt,
            Delivery = Problem.NameOf(error.Delivery),
        },
        json);

    private const string Introduction =
        """
        Let people sign in with their phone, and bring their friends.

        ## The story

        1. `POST /send-code` with a phone number, in any spelling: a code goes to the phone. The answer has the number in its one E.164 form, how many digits the code has, and when another may be asked for.
        2. `POST /verify-code` with the number and the code: an access token, a refresh token and the profile come back. The first time, this makes the user and gives them an invite code of their own.
        3. `GET /profile` with the access token: the own invite code, and who activated it.
        4. `POST /profile/{phoneNumber}` with the invite code of somebody else: activates it, once ever.
        5. `POST /refresh-token` when the access token has died, and `POST /sign-out` at the end.

        In Development no text is sent: `GET /dev/messages` shows what would have been.

        ## Authentication

        Send the access token as `Authorization: Bearer …`. It is a JWT (RFC 7519) signed with ES256 that lives ten minutes: `sub` is the user's id, `sid` the session's, `phone_number` the proven number.
        Other services check it by themselves with `/.well-known/openid-configuration` and `/.well-known/jwks.json`; here, it is refused as soon as its session has ended.

        A refresh token works once. For thirty seconds after its use it gives the same successor again, so that a lost answer or two tabs sign nobody out; used later, it ends the session.

        ## Refusals

        Every refusal is `application/problem+json` (RFC 9457) with a stable `code` to switch on; `title` and `detail` are for people, in English or Russian by `Accept-Language`.
        Every 429 says when to come back, in `Retry-After` (seconds) and `retryAt`. `traceId` finds the request in the service's logs.
        After a lost answer or a 5xx to `verify-code`, ask for a new code: a user is never half written.
        """;
}
