using PhoneAuth.Domain;

namespace PhoneAuth.WebApi.Http;

/// <summary>Reads a small body whole.</summary>
internal static class BodyReader
{
    /// <summary>The largest body, in bytes.</summary>
    public const int MaxBytes = 16 * 1024;

    public static async Task<(ReadOnlyMemory<byte> Bytes, Error? Refused)> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (request.ContentLength > MaxBytes)
        {
            return (default, RequestErrors.TooLarge);
        }

        var buffer = new byte[(int)(request.ContentLength ?? MaxBytes) + 1];
        var size = 0;
        try
        {
            while (size < buffer.Length)
            {
                var read = await request.Body.ReadAsync(buffer.AsMemory(size), cancellationToken);
                if (read == 0)
                {
                    return (buffer.AsMemory(0, size), size == 0 ? RequestErrors.Malformed : null);
                }

                size += read;
            }
        }
        catch (BadHttpRequestException exception)
        {
            return (default, exception.StatusCode == StatusCodes.Status413PayloadTooLarge ? RequestErrors.TooLarge : RequestErrors.Malformed);
        }
        catch (IOException) when (!cancellationToken.IsCancellationRequested)
        {
            // A chunk whose size is no number that the server can hold.
            return (default, RequestErrors.Malformed);
        }

        return (default, RequestErrors.TooLarge);
    }
}
