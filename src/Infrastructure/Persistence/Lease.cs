namespace PhoneAuth.Infrastructure.Persistence;

/// <summary>A job that one instance at a time does.</summary>
internal sealed class Lease
{
    public const int MaxNameLength = 32;

    public required string Name { get; init; }

    /// <summary>Until then it is somebody's, UTC.</summary>
    public DateTimeOffset TakenUntil { get; set; }
}
