using System.Collections.Concurrent;
using System.Threading.Channels;
using PhoneAuth.Infrastructure.Sms;

namespace PhoneAuth.WebApi.Tests.Harness;

/// <summary>A gateway that hands each message to the test that waits for it.</summary>
internal sealed class TestInbox : ISmsGateway
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    public static readonly Task<SmsOutcome> Accepted = Task.FromResult(SmsOutcome.Accepted());
    private readonly ConcurrentDictionary<string, Channel<SmsMessage>> byNumber = new(StringComparer.Ordinal);
    private int count;

    public string Name => "Simulated";

    /// <summary>How many messages have been sent in all.</summary>
    public int Count => count;

    /// <summary>What the gateway says to a message, where a test has a word in it.</summary>
    public Func<SmsMessage, Task<SmsOutcome>> Answer { get; set; } = _ => Accepted;

    public async Task<SmsOutcome> SendAsync(SmsMessage message, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref count);
        await Of(message.PhoneNumber.E164).Writer.WriteAsync(message, cancellationToken);
        return await Answer(message).WaitAsync(cancellationToken);
    }

    /// <summary>The next message to a number, in the order in which they were sent.</summary>
    public async Task<SmsMessage> NextAsync(string e164)
    {
        using var patience = new CancellationTokenSource(Patience);
        return await Of(e164).Reader.ReadAsync(patience.Token);
    }

    private Channel<SmsMessage> Of(string e164) => byNumber.GetOrAdd(e164, _ => Channel.CreateUnbounded<SmsMessage>());
}
