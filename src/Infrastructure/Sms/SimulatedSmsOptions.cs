namespace PhoneAuth.Infrastructure.Sms;

/// <summary>The gateway that only pretends, as the settings under <c>Sms:Simulated</c> say it.</summary>
public sealed record SimulatedSmsOptions
{
    /// <summary>How long it takes to deliver.</summary>
    public TimeSpan Delay { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How many of its texts fail, from 0 (none) to 1 (all).</summary>
    public double FailureRate { get; init; }

    /// <summary>Whether its messages can be read at <c>/dev/messages</c>; null means in Development only.</summary>
    public bool? Inbox { get; init; }
}
