namespace PhoneAuth.Application.Abstractions;

/// <summary>The clock as handlers read it.</summary>
public static class Clock
{
    /// <summary>Now in UTC, in whole microseconds: what both databases keep, so that an answer and a later reading of it are the same.</summary>
    /// <param name="clock">The clock.</param>
    public static DateTimeOffset UtcNow(this TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(clock);
        var now = clock.GetUtcNow();
        return now.AddTicks(-(now.UtcTicks % TimeSpan.TicksPerMicrosecond));
    }
}
