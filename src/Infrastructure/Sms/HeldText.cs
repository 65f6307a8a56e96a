using System.Diagnostics.CodeAnalysis;
using PhoneAuth.Application.Abstractions;

namespace PhoneAuth.Infrastructure.Sms;

/// <summary>What an instance means to do with a text that it holds.</summary>
internal enum TextFate
{
    /// <summary>Go on with it.</summary>
    InHand,

    /// <summary>Leave it to whoever finds it due.</summary>
    Later,

    /// <summary>A gateway has taken it.</summary>
    Sent,

    /// <summary>No gateway will take it, or not in time.</summary>
    Failed,
}

/// <summary>A text that this instance sends, and no other, for as long as it holds it.</summary>
/// <param name="message">The code on its way.</param>
/// <param name="queuedAt">When the code was issued, UTC.</param>
/// <param name="heldUntil">Until when its row says that it is ours, UTC.</param>
/// <param name="tries">How often a gateway was asked so far.</param>
/// <param name="refusedBy">The gateways that will not take it.</param>
[SuppressMessage("Design", "CA1001", Justification = "The source has no timer and no handle, and the watch may ask it to end after the text is done with.")]
internal sealed class HeldText(CodeMessage message, DateTimeOffset queuedAt, DateTimeOffset heldUntil, int tries, IEnumerable<string> refusedBy)
{
    private readonly CancellationTokenSource lost = new();
    private readonly HashSet<string> refusals = new(refusedBy, StringComparer.Ordinal);
    private volatile TextFate fate;

    public CodeMessage Message => message;

    public DateTimeOffset QueuedAt => queuedAt;

    public DateTimeOffset HeldUntil { get; private set; } = heldUntil;

    /// <summary>From when others may take it, once it is left to them.</summary>
    public DateTimeOffset NextAt { get; private set; }

    public int Tries { get; private set; } = tries;

    public string? Gateway { get; private set; }

    public string? GatewayMessageId { get; private set; }

    public IReadOnlySet<string> RefusedBy => refusals;

    public TextFate Fate => fate;

    /// <summary>Ends when this instance has done with it.</summary>
    public Task Done { get; set; } = Task.CompletedTask;

    /// <summary>Ends when the hold on it was prolonged, or lost.</summary>
    public Task Renewal { get; set; } = Task.CompletedTask;

    /// <summary>Ends when another instance may have it.</summary>
    public CancellationToken Lost => lost.Token;

    public void Hold(DateTimeOffset until) => HeldUntil = until;

    /// <summary>It is somebody else's, or nobody's: its code was replaced, used or withdrawn.</summary>
    public void Lose() => lost.Cancel();

    public void Try(string gateway)
    {
        Tries++;
        Gateway = gateway;
    }

    public void Refuse(string gateway) => refusals.Add(gateway);

    public void Leave(DateTimeOffset nextAt) => (NextAt, fate) = (nextAt, TextFate.Later);

    public void Sent(string? gatewayMessageId) => (GatewayMessageId, fate) = (gatewayMessageId, TextFate.Sent);

    public void Fail() => fate = TextFate.Failed;
}
