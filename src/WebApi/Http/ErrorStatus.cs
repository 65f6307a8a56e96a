using System.Collections.Frozen;
using PhoneAuth.Domain;

namespace PhoneAuth.WebApi.Http;

/// <summary>The one table from an error to its status.</summary>
internal static class ErrorStatus
{
    private static readonly FrozenDictionary<string, int> OfTransport = new Dictionary<string, int>(StringComparer.Ordinal)
    {
        [RequestErrors.UnsupportedMediaType.Code] = StatusCodes.Status415UnsupportedMediaType,
        [RequestErrors.TooLarge.Code] = StatusCodes.Status413PayloadTooLarge,
        [RequestErrors.MethodNotAllowed.Code] = StatusCodes.Status405MethodNotAllowed,
        [RequestErrors.Unavailable.Code] = StatusCodes.Status503ServiceUnavailable,
        [RequestErrors.Internal.Code] = StatusCodes.Status500InternalServerError,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static int Of(Error error) => OfTransport.TryGetValue(error.Code, out var status) ? status : error.Kind switch
    {
        ErrorKind.Validation => StatusCodes.Status400BadRequest,
        ErrorKind.Unauthenticated => StatusCodes.Status401Unauthorized,
        ErrorKind.Forbidden => StatusCodes.Status403Forbidden,
        ErrorKind.NotFound => StatusCodes.Status404NotFound,
        ErrorKind.Conflict => StatusCodes.Status409Conflict,
        ErrorKind.Unprocessable => StatusCodes.Status422UnprocessableEntity,
        ErrorKind.TooManyRequests => StatusCodes.Status429TooManyRequests,
        _ => throw new ArgumentOutOfRangeException(nameof(error), error.Kind, "This kind has no status."),
    };

    /// <summary>The error that a bare status stands for, where the framework answered by itself; null where it is not one of the contract's.</summary>
    public static Error? OfBareStatus(int status) => status switch
    {
        StatusCodes.Status400BadRequest => RequestErrors.Malformed,
        StatusCodes.Status404NotFound => RequestErrors.NotFound,
        StatusCodes.Status405MethodNotAllowed => RequestErrors.MethodNotAllowed,
        StatusCodes.Status413PayloadTooLarge => RequestErrors.TooLarge,
        StatusCodes.Status415UnsupportedMediaType => RequestErrors.UnsupportedMediaType,
        _ => null,
    };
}
