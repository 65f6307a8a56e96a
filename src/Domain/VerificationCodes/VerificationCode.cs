using System.Security.Cryptography;
using PhoneAuth.Domain.Limits;
using PhoneAuth.Domain.PhoneNumbers;

namespace PhoneAuth.Domain.VerificationCodes;

/// <summary>
/// What we know about proving one number: the live code's keyed hash, its life and its guesses, and the counters that outlive
/// it. One per number; whoever changes it holds its row.
/// </summary>
public sealed partial class VerificationCode
{
    /// <summary>How far instances' clocks may stand apart before a code "from the future" is taken for one that a clock set back would revive.</summary>
    public static readonly TimeSpan ClockTolerance = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    /// <summary>Sends are remembered at least so far back that the wait between them can double up to its limit.</summary>
    private const int SendsWorthRemembering = 32;

    private VerificationCode(PhoneNumber phoneNumber) => PhoneNumber = phoneNumber;

    /// <summary>The number that is being proved.</summary>
    public PhoneNumber PhoneNumber { get; }

    /// <summary>The live code's keyed hash, 32 bytes; null when no code is live.</summary>
    public byte[]? CodeHash { get; private set; }

    /// <summary>When the last code was issued, UTC.</summary>
    public DateTimeOffset? IssuedAt { get; private set; }

    /// <summary>When the last code's life ends, UTC.</summary>
    public DateTimeOffset? ExpiresAt { get; private set; }

    /// <summary>Wrong guesses at the live code.</summary>
    public int Guesses { get; private set; }

    /// <summary>Sends of the last day.</summary>
    public RecentTimes Sends { get; private set; } = RecentTimes.None;

    /// <summary>Wrong codes within the failure window.</summary>
    public RecentTimes Failures { get; private set; } = RecentTimes.None;

    /// <summary>Wrong codes since the last success.</summary>
    public int ConsecutiveFailures { get; private set; }

    /// <summary>Locks since the last success.</summary>
    public int Locks { get; private set; }

    /// <summary>When the lock ends, UTC; null when there was none since the last success.</summary>
    public DateTimeOffset? LockedUntil { get; private set; }

    /// <summary>The last change, UTC: when it is older than every window, the row has nothing left to say.</summary>
    public DateTimeOffset UpdatedAt { get; private set; }

    /// <summary>The row of a number that has none yet.</summary>
    /// <param name="phoneNumber">The number.</param>
    public static VerificationCode Begin(PhoneNumber phoneNumber) => new(phoneNumber);

    /// <summary>Whether a new code may be sent now.</summary>
    /// <param name="now">Now, in UTC.</param>
    /// <param name="policy">The rules.</param>
    /// <returns>Success, or phone_disabled, phone_locked, send_limit_reached, resend_too_soon. A refusal leaves the live code as it is.</returns>
    public Result MaySend(DateTimeOffset now, VerificationPolicy policy)
    {
        if (Barred(now, policy) is { } barred)
        {
            return barred;
        }

        var fullUntil = Later(Sends.FullUntil(policy.MaxSendsPerHour, Hour, now), Sends.FullUntil(policy.MaxSendsPerDay, Day, now));
        if (fullUntil is { } until)
        {
            return VerificationCodeErrors.SendLimitReached(until);
        }

        return ResendAt(policy) is { } resendAt && now < resendAt
            ? VerificationCodeErrors.ResendTooSoon(resendAt, IsLive(now) ? Delivery : null)
            : Result.Success();
    }

    /// <summary>Issues a code that is sent: it replaces the live one and counts as a send.</summary>
    /// <param name="codeHash">The new code's keyed hash.</param>
    /// <param name="now">Now, in UTC.</param>
    /// <param name="policy">The rules.</param>
    /// <returns>When the next send may follow, UTC.</returns>
    public DateTimeOffset Issue(byte[] codeHash, DateTimeOffset now, VerificationPolicy policy)
    {
        Replace(codeHash, now, policy);
        var limit = Math.Max(SendsWorthRemembering, Math.Max(policy.MaxSendsPerHour, policy.MaxSendsPerDay));
        Sends = Sends.Add(now, Day, limit);
        return ResendAt(policy) ?? now;
    }

    /// <summary>Sets the fixed code of a test number: nothing is sent, so no send is counted; guesses count as ever.</summary>
    /// <param name="codeHash">The fixed code's keyed hash.</param>
    /// <param name="now">Now, in UTC.</param>
    /// <param name="policy">The rules.</param>
    /// <returns>Success, or phone_disabled, phone_locked.</returns>
    public Result IssueFixed(byte[] codeHash, DateTimeOffset now, VerificationPolicy policy)
    {
        if (Barred(now, policy) is { } barred)
        {
            return barred;
        }

        Replace(codeHash, now, policy);
        return Result.Success();
    }

    /// <summary>Compares a guess with the live code. Whatever comes of it must be saved before it is answered.</summary>
    /// <param name="guess">The guess's keyed hashes, one for each secret key that may have made the code's.</param>
    /// <param name="now">Now, in UTC.</param>
    /// <param name="policy">The rules.</param>
    /// <returns>Success, the code is consumed and the failures are forgotten; or phone_disabled, phone_locked, code_expired, code_invalid.</returns>
    public Result Guess(IReadOnlyCollection<byte[]> guess, DateTimeOffset now, VerificationPolicy policy)
    {
        if (Barred(now, policy) is { } barred)
        {
            return barred;
        }

        if (CodeHash is not { } live || !IsLive(now))
        {
            return VerificationCodeErrors.Expired;
        }

        UpdatedAt = now;
        if (!guess.Aggregate(false, (found, hash) => found | CryptographicOperations.FixedTimeEquals(hash, live)))
        {
            return VerificationCodeErrors.Invalid(CountFailure(now, policy));
        }

        EndCode();
        Forgive();
        return Result.Success();
    }

    /// <summary>Takes back the live code; the counters stay until their windows end.</summary>
    /// <param name="now">Now, in UTC.</param>
    public void Withdraw(DateTimeOffset now)
    {
        EndCode();
        UpdatedAt = now;
    }

    /// <summary>An operator's word: the lock and all failures are forgotten.</summary>
    /// <param name="now">Now, in UTC.</param>
    public void Unlock(DateTimeOffset now)
    {
        Forgive();
        UpdatedAt = now;
    }

    /// <summary>Whether guesses are refused for now or until an operator unlocks the number.</summary>
    /// <param name="now">Now, in UTC.</param>
    /// <param name="policy">The rules.</param>
    /// <returns>phone_disabled, phone_locked, or null.</returns>
    public Error? Barred(DateTimeOffset now, VerificationPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        if (ConsecutiveFailures >= policy.MaxConsecutiveFailures)
        {
            return VerificationCodeErrors.Disabled;
        }

        return LockedUntil is { } until && now < until ? VerificationCodeErrors.Locked(until) : null;
    }

    private static DateTimeOffset? Later(DateTimeOffset? one, DateTimeOffset? other) => one is null || other > one ? other : one;

    /// <summary>Null where there is nothing to wait for. Whoever asks may have begun before the last send did: without a wait that is no reason to refuse.</summary>
    private DateTimeOffset? ResendAt(VerificationPolicy policy) =>
        Sends.Last is { } last && policy.WaitAfter(Sends.CountAfter(last - Hour)) is var wait && wait > TimeSpan.Zero ? last + wait : null;

    private bool IsLive(DateTimeOffset now) => CodeHash is not null && now < ExpiresAt && now >= IssuedAt - ClockTolerance;

    private void Replace(byte[] codeHash, DateTimeOffset now, VerificationPolicy policy)
    {
        (CodeHash, IssuedAt, ExpiresAt, Guesses, UpdatedAt) = (codeHash, now, now + policy.Lifetime, 0, now);
        ForgetText();
    }

    private void EndCode()
    {
        CodeHash = null;
        WipeText();
    }

    private int CountFailure(DateTimeOffset now, VerificationPolicy policy)
    {
        Guesses++;
        ConsecutiveFailures++;
        Failures = Failures.Add(now, policy.FailureWindow, policy.MaxFailures);
        if (Failures.FullUntil(policy.MaxFailures, policy.FailureWindow, now) is not null)
        {
            LockedUntil = now + policy.LockAfter(Locks++);
        }

        var left = Barred(now, policy) is null ? Math.Max(0, policy.MaxAttempts - Guesses) : 0;
        if (left == 0)
        {
            EndCode();
        }

        return left;
    }

    private void Forgive() => (Failures, ConsecutiveFailures, Locks, LockedUntil, Guesses) = (RecentTimes.None, 0, 0, null, 0);
}
