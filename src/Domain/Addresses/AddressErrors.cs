namespace PhoneAuth.Domain.Addresses;

/// <summary>Why an address is refused.</summary>
public static class AddressErrors
{
    /// <summary>A limit of the caller's address, or of the whole service.</summary>
    /// <param name="retryAt">When it lets go, UTC.</param>
    public static Error TooManyRequests(DateTimeOffset retryAt) =>
        new(ErrorKind.TooManyRequests, "too_many_requests", "Too many requests; try again later.") { RetryAt = retryAt };
}
