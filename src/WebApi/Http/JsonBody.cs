using System.Reflection;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Extensions.Options;
using PhoneAuth.Domain;

namespace PhoneAuth.WebApi.Http;

/// <summary>A JSON object as a request's body, or why there is none. Read whole before it is parsed: what is slow to arrive is no fault of ours.</summary>
internal sealed class JsonBody<T> : IJsonBody, IBindableFromHttpContext<JsonBody<T>>, IEndpointParameterMetadataProvider
    where T : class
{
    public T Value { get; private init; } = null!;

    public Error? Error { get; private init; }

    public static async ValueTask<JsonBody<T>?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        if (!context.Request.HasJsonContentType())
        {
            return new JsonBody<T> { Error = RequestErrors.UnsupportedMediaType };
        }

        var (bytes, refused) = await BodyReader.ReadAsync(context.Request, context.RequestAborted);
        if (refused is not null)
        {
            return new JsonBody<T> { Error = refused };
        }

        try
        {
            var options = context.RequestServices.GetRequiredService<IOptions<Microsoft.AspNetCore.Http.Json.JsonOptions>>().Value.SerializerOptions;
            return JsonSerializer.Deserialize<T>(bytes.Span, options) is { } value
                ? new JsonBody<T> { Value = value }
                : new JsonBody<T> { Error = RequestErrors.Malformed };
        }
        catch (JsonException)
        {
            return new JsonBody<T> { Error = RequestErrors.Malformed };
        }
    }

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new JsonBodyMetadata(typeof(T)));
}

/// <summary>
/// What an endpoint's body is, for the OpenAPI document. Not the framework's own metadata: routing would answer a wrong content type by it before
/// it is known who calls.
/// </summary>
internal sealed record JsonBodyMetadata(Type Type);

internal interface IJsonBody
{
    /// <summary>Why the body could not be read; null where it could.</summary>
    Error? Error { get; }
}

/// <summary>Answers a request whose body could not be read before any endpoint sees it.</summary>
internal sealed class ReadableBodyFilter : IEndpointFilter
{
    public ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        foreach (var argument in context.Arguments)
        {
            if (argument is IJsonBody { Error: { } error })
            {
                return ValueTask.FromResult<object?>(new ProblemResult(error));
            }
        }

        return next(context);
    }
}
