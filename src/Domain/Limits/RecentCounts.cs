using System.Buffers.Binary;

namespace PhoneAuth.Domain.Limits;

/// <summary>
/// How often something happened lately, in steps of five minutes, oldest first. A step counts until the whole of it has left the window, so a
/// limit over it is never exceeded in any window, and lets go up to a step late. Immutable; as long as the longest window at most.
/// </summary>
public sealed class RecentCounts
{
    /// <summary>How long a step is.</summary>
    public static readonly TimeSpan Step = TimeSpan.FromMinutes(5);

    private const int BytesPerStep = sizeof(long) + sizeof(int);
    private readonly (DateTimeOffset Start, int Count)[] steps;

    private RecentCounts((DateTimeOffset Start, int Count)[] steps) => this.steps = steps;

    /// <summary>Nothing has happened.</summary>
    public static RecentCounts None { get; } = new([]);

    /// <summary>The beginning of the step that a moment lies in.</summary>
    /// <param name="moment">The moment in UTC.</param>
    public static DateTimeOffset StepOf(DateTimeOffset moment) => moment.AddTicks(-(moment.UtcTicks % Step.Ticks));

    /// <summary>How many fall into a window that ends now.</summary>
    /// <param name="window">The window's length.</param>
    /// <param name="now">Now, in UTC.</param>
    public int Within(TimeSpan window, DateTimeOffset now) => steps.Where(step => step.Start + Step > now - window).Sum(step => step.Count);

    /// <summary>How much room a limit leaves.</summary>
    /// <param name="limit">How many are allowed in a window; 0 is no limit.</param>
    /// <param name="window">The window's length.</param>
    /// <param name="now">Now, in UTC.</param>
    /// <returns>How many more fit in, at least 0.</returns>
    public int Room(int limit, TimeSpan window, DateTimeOffset now) => limit == 0 ? int.MaxValue : Math.Max(0, limit - Within(window, now));

    /// <summary>When a limit that is used up has room again.</summary>
    /// <param name="limit">How many are allowed in a window.</param>
    /// <param name="window">The window's length.</param>
    /// <param name="now">Now, in UTC.</param>
    public DateTimeOffset RoomAt(int limit, TimeSpan window, DateTimeOffset now)
    {
        var held = Within(window, now);
        foreach (var (start, count) in steps.Where(step => step.Start + Step > now - window))
        {
            held -= count;
            if (held < limit)
            {
                return start + Step + window;
            }
        }

        return now;
    }

    /// <summary>Counts some more, and forgets what no window reaches any longer.</summary>
    /// <param name="count">How many.</param>
    /// <param name="now">When they happened, in UTC.</param>
    /// <param name="window">The longest window that is asked about.</param>
    public RecentCounts Add(int count, DateTimeOffset now, TimeSpan window)
    {
        var start = StepOf(now);
        var kept = steps.Where(step => step.Start + Step > now - window).ToDictionary(step => step.Start, step => step.Count);
        kept[start] = kept.GetValueOrDefault(start) + count;
        return new([.. kept.OrderBy(step => step.Key).Select(step => (step.Key, step.Value))]);
    }

    /// <summary>The stored form: a step is eight big-endian bytes of UTC ticks and four of its count.</summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[steps.Length * BytesPerStep];
        for (var i = 0; i < steps.Length; i++)
        {
            BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(i * BytesPerStep), steps[i].Start.UtcTicks);
            BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan((i * BytesPerStep) + sizeof(long)), steps[i].Count);
        }

        return bytes;
    }

    /// <summary>Reads the stored form.</summary>
    /// <param name="bytes">What <see cref="ToBytes"/> gave.</param>
    public static RecentCounts FromBytes(byte[] bytes)
    {
        ArgumentNullException.ThrowIfNull(bytes);
        var read = new (DateTimeOffset, int)[bytes.Length / BytesPerStep];
        for (var i = 0; i < read.Length; i++)
        {
            var start = BinaryPrimitives.ReadInt64BigEndian(bytes.AsSpan(i * BytesPerStep));
            read[i] = (new DateTimeOffset(start, TimeSpan.Zero), BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan((i * BytesPerStep) + sizeof(long))));
        }

        return new RecentCounts(read);
    }
}
