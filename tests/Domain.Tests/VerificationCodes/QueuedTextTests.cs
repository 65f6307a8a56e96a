using PhoneAuth.Domain.PhoneNumbers;
using PhoneAuth.Domain.VerificationCodes;

namespace PhoneAuth.Domain.Tests.VerificationCodes;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public class QueuedTextTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 9, 30, 0, TimeSpan.Zero);
    private static readonly VerificationPolicy Policy = new();
    private static readonly byte[] Right = [.. Enumerable.Repeat((byte)1, 32)];
    private static readonly QueuedText Text = new(Guid.CreateVersion7(Now), [1, 2, 3], Now.AddSeconds(30));

    private readonly VerificationCode verification = VerificationCode.Begin(PhoneNumber.FromStorage("+79001234567"));

    [SetUp]
    public void IssueAndQueue()
    {
        verification.Issue(Right, Now, Policy);
        verification.Queue(Text);
    }

    [Test]
    public void A_queued_text_waits_in_the_hands_of_who_queued_it() => Assert.That(
        (verification.MessageId, verification.SealedText, verification.SendAfter, verification.Delivery),
        Is.EqualTo(((Guid?)Text.MessageId, Text.Sealed, (DateTimeOffset?)Text.HeldUntil, (Delivery?)Delivery.Queued)));

    [Test]
    public void With_its_code_it_is_over_but_its_id_and_state_are_kept()
    {
        Assert.That(verification.Guess([Right], Now, Policy).IsSuccess, Is.True);
        Assert.That(
            (verification.SealedText, verification.SendAfter, verification.MessageId, verification.Delivery),
            Is.EqualTo(((byte[]?)null, (DateTimeOffset?)null, (Guid?)Text.MessageId, (Delivery?)Delivery.Queued)));
    }

    [Test]
    public void A_new_code_begins_without_a_text()
    {
        verification.IssueFixed(Right, Now, Policy);
        Assert.That(
            (verification.SealedText, verification.SendAfter, verification.MessageId, verification.Delivery),
            Is.EqualTo(((byte[]?)null, (DateTimeOffset?)null, (Guid?)null, (Delivery?)null)));
    }

    [Test]
    public void A_resend_that_is_too_soon_is_told_how_far_the_text_has_come_while_its_code_lives()
    {
        Assert.That(verification.MaySend(Now, Policy).Error!.Delivery, Is.EqualTo(Delivery.Queued));
        verification.Withdraw(Now);
        Assert.That(verification.MaySend(Now, Policy).Error!.Delivery, Is.Null);
    }
}
