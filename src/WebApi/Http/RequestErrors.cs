using PhoneAuth.Domain;

namespace PhoneAuth.WebApi.Http;

/// <summary>What can be wrong with a request before any use case sees it. Their statuses have no kind of their own: see <see cref="ErrorStatus"/>.</summary>
internal static class RequestErrors
{
    public static readonly Error Malformed =
        new(ErrorKind.Validation, "malformed_request", "The body has to be one JSON object with members of the right types, each once.");

    public static readonly Error UnsupportedMediaType = new(ErrorKind.Validation, "unsupported_media_type", "Send JSON, with the content type application/json.");

    public static readonly Error TooLarge = new(ErrorKind.Validation, "payload_too_large", "The body is larger than 16 KiB.");

    public static readonly Error NotFound = new(ErrorKind.NotFound, "not_found", "There is nothing at this address.");

    public static readonly Error MethodNotAllowed = new(ErrorKind.Validation, "method_not_allowed", "This address does not take this method.");

    public static readonly Error ReceiptNotAuthentic = new(ErrorKind.Forbidden, "receipt_not_authentic", "This does not carry the gateway's signature.");

    public static readonly Error Unavailable = new(ErrorKind.TooManyRequests, "unavailable", "The service cannot do this just now; try again in a moment.");

    public static readonly Error Internal = new(ErrorKind.Validation, "internal_error", "Something went wrong here; the trace id helps to find out what.");
}
