using PhoneAuth.Domain.VerificationCodes;

namespace PhoneAuth.Domain.Tests.VerificationCodes;

public class VerificationPolicyTests
{
    private static readonly VerificationPolicy Policy = new();

    [TestCase(1, 1)]
    [TestCase(2, 2)]
    [TestCase(3, 4)]
    [TestCase(4, 8)]
    [TestCase(5, 15)]
    [TestCase(1_000_000, 15)]
    public void The_wait_doubles_with_each_send_up_to_its_limit(int sends, int minutes) =>
        Assert.That(Policy.WaitAfter(sends), Is.EqualTo(TimeSpan.FromMinutes(minutes)));

    [TestCase(0, 1)]
    [TestCase(1, 2)]
    [TestCase(4, 16)]
    [TestCase(5, 24)]
    [TestCase(int.MaxValue, 24)]
    public void The_lock_doubles_up_to_its_limit(int locksBefore, int hours) =>
        Assert.That(Policy.LockAfter(locksBefore), Is.EqualTo(TimeSpan.FromHours(hours)));

    [Test]
    public void What_the_settings_of_a_test_number_leave_out_is_no_number_and_no_code() =>
        Assert.That((new TestNumber().PhoneNumber, new TestNumber().Code), Is.EqualTo(("", "")));

    [Test]
    public void No_wait_stays_no_wait() => Assert.That((Policy with { ResendWait = TimeSpan.Zero }).WaitAfter(9), Is.EqualTo(TimeSpan.Zero));
}
