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

    private const int DefaultCapacity = 20_000;

    private readonly Lock gate = new();
    private readonly LinkedList<InboxMessage> all = [];
    private readonly Dictionary<string, LinkedList<InboxMessage>> byNumber = new(StringComparer.Ordinal);

    /// <summary>Leaves a message.</summary>
    /// <param name="message">The message.</param>
    public void Add(InboxMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        lock (gate)
        {
            all.AddFirst(message);
            if (!byNumber.TryGetValue(message.PhoneNumber, out var own))
            {
                byNumber[message.PhoneNumber] = own = [];
            }

            own.AddFirst(message);
            if (all.Count > capacity)
            {
                ForgetOldest();
            }
        }
    }

    /// <summary>The newest messages, newest first, <see cref="MaxRead"/> at most.</summary>
    /// <param name="phoneNumber">Of this number in E.164, or of all where it is null.</param>
    public IReadOnlyList<InboxMessage> Read(string? phoneNumber)
    {
        lock (gate)
        {
            var messages = phoneNumber is null ? all : byNumber.GetValueOrDefault(phoneNumber);
            return messages is null ? [] : [.. messages.Take(MaxRead)];
        }
    }

    private void ForgetOldest()
    {
        // The oldest of all is the oldest of its number.
        var number = all.Last!.Value.PhoneNumber;
        all.RemoveLast();
        var own = byNumber[number];
        own.RemoveLast();
        if (own.Count == 0)
        {
            byNumber.Remove(number);
        }
    }
}
