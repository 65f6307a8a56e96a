namespace PhoneAuth.Infrastructure.Sms;

/// <summary>A message that the simulated gateway has delivered.</summary>
/// <param name="PhoneNumber">The number in E.164.</param>
/// <param name="Text">What the phone would show.</param>
/// <param name="Code">The code in it.</param>
/// <param name="SentAt">When it was delivered, UTC.</param>
public sealed record InboxMessage(string PhoneNumber, string Text, string Code, DateTimeOffset SentAt);

/// <summary>
/// What the simulated gateway delivered, for people who try things out. Bounded: the oldest go. A number's messages are found
/// without looking at anybody else's.
/// </summary>
/// <param name="capacity">How many messages are kept in all.</param>
public sealed class DevInbox(int capacity = DevInbox.DefaultCapacity)
{
    /// <summary>How many messages one reading gives at most.</summary>
    public const int MaxRead = 100;

    private const int DefaultCapacity = 5_000;
    private const long None = -1;

    private readonly Lock gate = new();

    // A ring, each message in the place of the one that it drives out. Lists of nodes would be much for the collector to look through.
    private readonly Kept[] ring = new Kept[capacity];
    private readonly Dictionary<string, long> newestOf = new(StringComparer.Ordinal);
    private long count;

    /// <summary>Leaves a message.</summary>
    /// <param name="message">The message.</param>
    public void Add(InboxMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        lock (gate)
        {
            ref var place = ref ring[count % capacity];
            if (count >= capacity && newestOf[place.Message.PhoneNumber] == count - capacity)
            {
                newestOf.Remove(place.Message.PhoneNumber);
            }

            place = new Kept(message, newestOf.GetValueOrDefault(message.PhoneNumber, None));
            newestOf[message.PhoneNumber] = count++;
        }
    }

    /// <summary>The newest messages, newest first, <see cref="MaxRead"/> at most.</summary>
    /// <param name="phoneNumber">Of this number in E.164, or of all where it is null.</param>
    public IReadOnlyList<InboxMessage> Read(string? phoneNumber)
    {
        lock (gate)
        {
            var messages = new List<InboxMessage>();
            var next = phoneNumber is null ? count - 1 : newestOf.GetValueOrDefault(phoneNumber, None);
            while (next >= Math.Max(0, count - capacity) && messages.Count < MaxRead)
            {
                var (message, before) = ring[next % capacity];
                messages.Add(message);
                next = phoneNumber is null ? next - 1 : before;
            }

            return messages;
        }
    }

    /// <summary>A message, and which was the one before it of the same number.</summary>
    private readonly record struct Kept(InboxMessage Message, long Before);
}
