namespace PhoneAuth.Domain.VerificationCodes;

/// <summary>The rules for proving a number, as the settings under <c>Verification</c> say them. Durations are spans, counts are whole numbers.</summary>
public sealed record VerificationPolicy
{
    /// <summary>Digits in a code, 4 to 8.</summary>
    public int CodeLength { get; init; } = 4;

    /// <summary>Life of a code, five seconds to ten minutes (NIST SP 800-63B-4 3.1.3.2 allows ten at most).</summary>
    public TimeSpan Lifetime { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Guesses per code.</summary>
    public int MaxAttempts { get; init; } = 5;

    /// <summary>Wrong codes per number within <see cref="FailureWindow"/>, across resends, before it locks.</summary>
    public int MaxFailures { get; init; } = 10;

    /// <summary>The window in which wrong codes of a number are counted.</summary>
    public TimeSpan FailureWindow { get; init; } = TimeSpan.FromDays(1);

    /// <summary>The first lock; each further one is twice as long, until a success.</summary>
    public TimeSpan LockDuration { get; init; } = TimeSpan.FromHours(1);

    /// <summary>The longest lock.</summary>
    public TimeSpan MaxLockDuration { get; init; } = TimeSpan.FromDays(1);

    /// <summary>Wrong codes without a success, however long it took, before only an operator can unlock the number (NIST SP 800-63B-4 3.2.2).</summary>
    public int MaxConsecutiveFailures { get; init; } = 100;

    /// <summary>Wait before a resend; it doubles with each send within an hour. Zero turns it off.</summary>
    public TimeSpan ResendWait { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>The longest wait before a resend.</summary>
    public TimeSpan MaxResendWait { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>Sends per number in any hour; 0 is no limit.</summary>
    public int MaxSendsPerHour { get; init; } = 5;

    /// <summary>Sends per number in any 24 hours; 0 is no limit.</summary>
    public int MaxSendsPerDay { get; init; } = 10;

    /// <summary>Numbers with fixed codes that are never sent, for app-store review.</summary>
    public IReadOnlyList<TestNumber> TestNumbers { get; init; } = [];

    /// <summary>The wait after the given number of sends within an hour.</summary>
    /// <param name="sendsInHour">Sends so far, at least one.</param>
    public TimeSpan WaitAfter(int sendsInHour) => Doubled(ResendWait, sendsInHour - 1, MaxResendWait);

    /// <summary>How long a lock is.</summary>
    /// <param name="locksBefore">How many locks there were since the last success.</param>
    public TimeSpan LockAfter(int locksBefore) => Doubled(LockDuration, locksBefore, MaxLockDuration);

    private static TimeSpan Doubled(TimeSpan first, int times, TimeSpan most)
    {
        var doubled = first.TotalSeconds * Math.Pow(2, Math.Clamp(times, 0, 60));
        return doubled < most.TotalSeconds ? TimeSpan.FromSeconds(doubled) : most;
    }
}

/// <summary>A number whose code is fixed and never sent.</summary>
public sealed record TestNumber
{
    /// <summary>The number, in any spelling.</summary>
    public string PhoneNumber { get; init; } = "";

    /// <summary>Its code, as many digits as <see cref="VerificationPolicy.CodeLength"/>.</summary>
    public string Code { get; init; } = "";

    /// <summary>From then on it is a number as any other, UTC.</summary>
    public DateTimeOffset ExpiresAt { get; init; }
}
