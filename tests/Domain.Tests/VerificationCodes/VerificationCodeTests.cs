using PhoneAuth.Domain.PhoneNumbers;
using PhoneAuth.Domain.VerificationCodes;

namespace PhoneAuth.Domain.Tests.VerificationCodes;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public class VerificationCodeTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 22, 9, 30, 0, TimeSpan.Zero);
    private static readonly VerificationPolicy Policy = new();
    private static readonly byte[] Right = Hash(1);
    private static readonly byte[] Wrong = Hash(2);

    private readonly VerificationCode verification = VerificationCode.Begin(PhoneNumber.FromStorage("+79001234567"));
    private DateTimeOffset now = Start;

    [Test]
    public void A_right_code_is_consumed()
    {
        Issue();
        Assert.That(Guess(Right), Is.Null);
        Assert.That(verification.CodeHash, Is.Null);
        Assert.That(Guess(Right)!.Code, Is.EqualTo("code_expired"));
    }

    [Test]
    public void A_code_hashed_with_an_older_key_is_right_too()
    {
        Issue();
        Assert.That(verification.Guess([Wrong, Right], now, Policy).IsSuccess, Is.True);
    }

    [Test]
    public void A_wrong_code_spends_an_attempt_and_the_last_one_the_code()
    {
        Issue();
        for (var left = 4; left >= 0; left--)
        {
            Assert.That((Guess(Wrong)!.Code, verification.CodeHash is null), Is.EqualTo(("code_invalid", left == 0)));
            Assert.That(verification.Guesses, Is.EqualTo(5 - left));
        }

        Assert.That(Guess(Right)!.Code, Is.EqualTo("code_expired"));
    }

    [Test]
    public void The_refusal_says_how_many_guesses_are_left()
    {
        Issue();
        Assert.That(Enumerable.Range(0, 5).Select(_ => Guess(Wrong)!.AttemptsLeft), Is.EqualTo(new[] { 4, 3, 2, 1, 0 }));
    }

    [Test]
    public void A_number_without_a_code_has_none_and_counts_nothing()
    {
        Assert.That(Guess(Right)!.Code, Is.EqualTo("code_expired"));
        Assert.That((verification.ConsecutiveFailures, verification.Failures.Count), Is.EqualTo((0, 0)));
    }

    [Test]
    public void A_code_lives_up_to_its_last_moment()
    {
        Issue();
        now = Start + Policy.Lifetime - TimeSpan.FromTicks(1);
        Assert.That(Guess(Wrong)!.Code, Is.EqualTo("code_invalid"));
        now = Start + Policy.Lifetime;
        Assert.That(Guess(Right)!.Code, Is.EqualTo("code_expired"));
        Assert.That(verification.ConsecutiveFailures, Is.EqualTo(1), "a code that is dead is compared with nothing");
    }

    [Test]
    public void A_clock_set_back_revives_no_code()
    {
        Issue();
        now = Start - VerificationCode.ClockTolerance - TimeSpan.FromTicks(1);
        Assert.That(Guess(Right)!.Code, Is.EqualTo("code_expired"));
        now = Start - VerificationCode.ClockTolerance;
        Assert.That(Guess(Right), Is.Null, "clocks of two instances stand a little apart");
    }

    [Test]
    public void A_new_code_replaces_the_live_one_and_has_all_its_guesses()
    {
        Issue();
        Guess(Wrong);
        now += TimeSpan.FromMinutes(1);
        Issue(Hash(3));
        Assert.That(Guess(Right)!.AttemptsLeft, Is.EqualTo(4));
        Assert.That(Guess(Hash(3)), Is.Null);
    }

    [Test]
    public void Failures_are_counted_across_resends_and_lock_the_number()
    {
        FailUntilLocked();
        Assert.That(verification.LockedUntil, Is.EqualTo(now + TimeSpan.FromHours(1)));
        Assert.That(Guess(Right)!.Code, Is.EqualTo("phone_locked"));
        var send = verification.MaySend(now, Policy).Error!;
        Assert.That((send.Code, send.RetryAt), Is.EqualTo(("phone_locked", verification.LockedUntil)));
    }

    [Test]
    public void The_guess_that_locks_takes_the_code_and_is_still_answered_as_wrong()
    {
        var policy = Policy with { MaxFailures = 2 };
        verification.Issue(Right, now, policy);
        verification.Guess([Wrong], now, policy);
        var locking = verification.Guess([Wrong], now, policy).Error!;
        Assert.That((locking.Code, locking.AttemptsLeft, verification.CodeHash is null), Is.EqualTo(("code_invalid", 0, true)));
    }

    [Test]
    public void The_lock_lets_go_and_the_next_one_is_twice_as_long()
    {
        FailUntilLocked();
        now = verification.LockedUntil!.Value;
        Assert.That(verification.Barred(now, Policy), Is.Null);
        Issue();
        Guess(Wrong);
        Assert.That(verification.LockedUntil, Is.EqualTo(now + TimeSpan.FromHours(2)));
    }

    [Test]
    public void A_failure_outside_the_window_counts_no_longer()
    {
        Fail(9);
        now += Policy.FailureWindow;
        Issue();
        Guess(Wrong);
        Assert.That(verification.LockedUntil, Is.Null);
    }

    [Test]
    public void A_success_clears_failures_and_the_locks_doubling()
    {
        FailUntilLocked();
        now = verification.LockedUntil!.Value;
        Issue();
        Assert.That(Guess(Right), Is.Null);
        Assert.That(
            (verification.Failures.Count, verification.ConsecutiveFailures, verification.Locks, verification.LockedUntil),
            Is.EqualTo((0, 0, 0, (DateTimeOffset?)null)));
        FailUntilLocked();
        Assert.That(verification.LockedUntil, Is.EqualTo(now + TimeSpan.FromHours(1)));
    }

    [Test]
    public void A_hundred_failures_without_a_success_disable_the_number_however_long_it_took()
    {
        for (var failure = 0; failure < 100; failure++)
        {
            Assert.That(verification.Barred(now, Policy), Is.Null, $"after {failure}");
            Issue();
            Guess(Wrong);
            now += TimeSpan.FromDays(2);
        }

        Assert.That(Guess(Right)!.Code, Is.EqualTo("phone_disabled"));
        Assert.That(verification.MaySend(now.AddYears(10), Policy).Error!.Code, Is.EqualTo("phone_disabled"));
    }

    [Test]
    public void An_operator_unlocks_it()
    {
        FailUntilLocked();
        verification.Unlock(now);
        Assert.That((verification.Barred(now, Policy), verification.ConsecutiveFailures, verification.Locks), Is.EqualTo(((Error?)null, 0, 0)));
    }

    [Test]
    public void Withdrawing_the_code_leaves_the_counters()
    {
        Issue();
        Guess(Wrong);
        verification.Withdraw(now);
        Assert.That(Guess(Right)!.Code, Is.EqualTo("code_expired"));
        Assert.That((verification.ConsecutiveFailures, verification.Sends.Count), Is.EqualTo((1, 1)));
    }

    [Test]
    public void The_wait_for_a_resend_doubles_within_the_hour_and_starts_over_after_it()
    {
        foreach (var minutes in new[] { 1, 2, 4 })
        {
            Assert.That(Issue() - now, Is.EqualTo(TimeSpan.FromMinutes(minutes)));
            now += TimeSpan.FromMinutes(minutes) - TimeSpan.FromTicks(1);
            Assert.That(verification.MaySend(now, Policy).Error!.Code, Is.EqualTo("resend_too_soon"));
            now += TimeSpan.FromTicks(1);
            Assert.That(verification.MaySend(now, Policy).IsSuccess, Is.True);
        }

        now += TimeSpan.FromHours(1);
        Assert.That(Issue() - now, Is.EqualTo(TimeSpan.FromMinutes(1)));
    }

    [Test]
    public void With_no_wait_a_send_that_began_before_the_last_one_is_not_too_soon()
    {
        var policy = Policy with { ResendWait = TimeSpan.Zero };
        verification.Issue(Right, now, policy);
        Assert.That(verification.MaySend(now - TimeSpan.FromTicks(1), policy).IsSuccess, Is.True);
    }

    [Test]
    public void The_limit_of_an_hour_lets_go_when_its_first_send_is_an_hour_old()
    {
        var policy = Policy with { ResendWait = TimeSpan.Zero };
        for (var send = 0; send < 5; send++)
        {
            Assert.That(verification.MaySend(now, policy).IsSuccess, Is.True);
            Assert.That(verification.Issue(Right, now, policy), Is.EqualTo(now), "with no wait a resend may follow now");
            now += TimeSpan.FromMinutes(1);
        }

        var refused = verification.MaySend(now, policy).Error!;
        Assert.That((refused.Code, refused.RetryAt), Is.EqualTo(("send_limit_reached", Start.AddHours(1))));
        Assert.That(verification.MaySend(Start.AddHours(1), policy).IsSuccess, Is.True);
    }

    [TestCase(2, 2, 0, 24 * 60, TestName = "The day's is later")]
    [TestCase(1, 2, (23 * 60) + 30, (24 * 60) + 30, TestName = "The hour's is later")]
    public void Of_two_limits_that_are_full_the_later_one_is_named(int perHour, int perDay, int secondAfterMinutes, int roomAfterMinutes)
    {
        var policy = Policy with { ResendWait = TimeSpan.Zero, MaxSendsPerHour = perHour, MaxSendsPerDay = perDay };
        verification.Issue(Right, now, policy);
        now += TimeSpan.FromMinutes(secondAfterMinutes);
        verification.Issue(Right, now, policy);
        Assert.That(verification.MaySend(now, policy).Error!.RetryAt, Is.EqualTo(Start.AddMinutes(roomAfterMinutes)));
    }

    [Test]
    public void The_limit_of_a_day_holds_alone_and_beyond_what_the_wait_asks_about()
    {
        var policy = Policy with { ResendWait = TimeSpan.Zero, MaxSendsPerHour = 0, MaxSendsPerDay = 40 };
        for (var send = 0; send < 40; send++)
        {
            Assert.That(verification.MaySend(now, policy).IsSuccess, Is.True);
            verification.Issue(Right, now, policy);
        }

        Assert.That(verification.MaySend(now, policy).Error!.RetryAt, Is.EqualTo(Start.AddDays(1)));
    }

    [Test]
    public void Without_limits_sends_are_remembered_for_the_wait()
    {
        var policy = Policy with { MaxSendsPerHour = 0, MaxSendsPerDay = 0 };
        for (var send = 0; send < 4; send++)
        {
            verification.Issue(Right, now, policy);
        }

        Assert.That(verification.Issue(Right, now, policy) - now, Is.EqualTo(TimeSpan.FromMinutes(15)));
    }

    [Test]
    public void A_refused_send_leaves_the_live_code_as_it_is()
    {
        Issue();
        Assert.That(verification.MaySend(now, Policy).Error!.Code, Is.EqualTo("resend_too_soon"));
        Assert.That(Guess(Right), Is.Null);
    }

    [Test]
    public void A_fixed_code_counts_as_no_send_and_its_wrong_guesses_count_as_ever()
    {
        for (var send = 0; send < 20; send++)
        {
            Assert.That(verification.IssueFixed(Right, now, Policy).IsSuccess, Is.True);
        }

        Assert.That(verification.Sends.Count, Is.Zero);
        Assert.That(Guess(Wrong)!.AttemptsLeft, Is.EqualTo(4));
        FailUntilLocked();
        Assert.That(verification.IssueFixed(Right, now, Policy).Error!.Code, Is.EqualTo("phone_locked"));
    }

    private static byte[] Hash(byte value) => [.. Enumerable.Repeat(value, 32)];

    private DateTimeOffset Issue(byte[]? hash = null) => verification.Issue(hash ?? Right, now, Policy);

    private Error? Guess(byte[] hash) => verification.Guess([hash], now, Policy).Error;

    private void Fail(int times)
    {
        for (var failure = 0; failure < times; failure++)
        {
            Issue();
            Guess(Wrong);
        }
    }

    private void FailUntilLocked()
    {
        while (verification.LockedUntil is null || verification.LockedUntil <= now)
        {
            Fail(1);
        }
    }
}
