using System.Collections.Concurrent;
using PhoneAuth.Infrastructure.Sms;

namespace PhoneAuth.Infrastructure.Tests.Sms.Sending;

/// <summary>A gateway that answers as a test says, and remembers what it took.</summary>
internal sealed class FakeGateway(string name) : ISmsGateway
{
    private static readonly Task<SmsOutcome> Taken = Task.FromResult(SmsOutcome.Accepted());
    private readonly ConcurrentQueue<SmsMessage> asked = new();

    public string Name => name;

    public bool IsAvailable { get; set; } = true;

    /// <summary>What it says; without a word of the test it takes every text.</summary>
    public Func<SmsMessage, CancellationToken, Task<SmsOutcome>> Answer { get; set; } = (_, _) => Taken;

    /// <summary>Every text that it was given, in order.</summary>
    public IReadOnlyCollection<SmsMessage> Asked => asked;

    public Task<SmsOutcome> SendAsync(SmsMessage message, CancellationToken cancellationToken)
    {
        asked.Enqueue(message);
        return Answer(message, cancellationToken);
    }

    public void Say(SmsOutcome outcome) => Answer = (_, _) => Task.FromResult(outcome);
}
