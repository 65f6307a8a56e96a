using System.Buffers.Binary;

namespace PhoneAuth.Domain.Limits;

/// <summary>
/// When something happened lately, oldest first: an exact sliding log, so that "five an hour" holds for every hour and not
/// only for those that a counter happens to start at. Immutable; as short as the limit that it serves.
/// </summary>
public sealed class RecentTimes
{
    private const int BytesPerTime = sizeof(long);
    private readonly DateTimeOffset[] times;

    private RecentTimes(DateTimeOffset[] times) => this.times = times;

    /// <summary>Nothing has happened.</summary>
    public static RecentTimes None { get; } = new([]);

    /// <summary>How many times are remembered.</summary>
    public int Count => times.Length;

    /// <summary>The newest time in UTC, or null.</summary>
    public DateTimeOffset? Last => times.Length == 0 ? null : times[^1];

    /// <summary>How many happened after a moment.</summary>
    /// <param name="moment">The moment in UTC, itself not included.</param>
    public int CountAfter(DateTimeOffset moment) => times.Count(time => time > moment);

    /// <summary>The first that happened after a moment, or null.</summary>
    /// <param name="moment">The moment in UTC, itself not included.</param>
    public DateTimeOffset? FirstAfter(DateTimeOffset moment)
    {
        var after = Array.FindIndex(times, time => time > moment);
        return after < 0 ? null : times[after];
    }

    /// <summary>Whether a limit is used up, and until when.</summary>
    /// <param name="limit">How many are allowed in a window; 0 is no limit.</param>
    /// <param name="window">The window's length.</param>
    /// <param name="now">Now, in UTC.</param>
    /// <returns>When the window has room again, or null where it has room now.</returns>
    public DateTimeOffset? FullUntil(int limit, TimeSpan window, DateTimeOffset now) =>
        limit > 0 && CountAfter(now - window) >= limit ? times[^limit] + window : null;

    /// <summary>Remembers one more, and forgets what no limit asks about any longer.</summary>
    /// <param name="now">When it happened, in UTC.</param>
    /// <param name="window">The longest window that is asked about.</param>
    /// <param name="limit">How many are worth remembering.</param>
    public RecentTimes Add(DateTimeOffset now, TimeSpan window, int limit) =>
        new([.. times.Where(time => time > now - window).Append(now).Order().TakeLast(limit)]);

    /// <summary>The stored form: eight big-endian bytes a time, UTC ticks.</summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[times.Length * BytesPerTime];
        for (var i = 0; i < times.Length; i++)
        {
            BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(i * BytesPerTime), times[i].UtcTicks);
        }

        return bytes;
    }

    /// <summary>Reads the stored form.</summary>
    /// <param name="bytes">What <see cref="ToBytes"/> gave.</param>
    public static RecentTimes FromBytes(byte[] bytes)
    {
        ArgumentNullException.ThrowIfNull(bytes);
        if (bytes.Length == 0)
        {
            return None;
        }

        var read = new DateTimeOffset[bytes.Length / BytesPerTime];
        for (var i = 0; i < read.Length; i++)
        {
            read[i] = new DateTimeOffset(BinaryPrimitives.ReadInt64BigEndian(bytes.AsSpan(i * BytesPerTime)), TimeSpan.Zero);
        }

        return new RecentTimes(read);
    }
}
