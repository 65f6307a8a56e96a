using PhoneAuth.Domain.Spending;

namespace PhoneAuth.Domain.Tests.Spending;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public class BudgetTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 9, 33, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset EndOfStep = new(2026, 11, 22, 9, 35, 0, TimeSpan.Zero);

    private readonly Budget budget = Budget.Begin("7");

    [TestCase(0, 6_400_000, ExpectedResult = 100, TestName = "Of a large budget a hundred")]
    [TestCase(0, 640, ExpectedResult = 10, TestName = "Of a smaller one a sixty-fourth")]
    [TestCase(0, 3, ExpectedResult = 1, TestName = "Of what is nearly used up one")]
    [TestCase(640, 6_400, ExpectedResult = 10, TestName = "Of the hour's when it leaves less")]
    [TestCase(6_400, 640, ExpectedResult = 10, TestName = "Of the day's when that leaves less")]
    [TestCase(0, 0, ExpectedResult = 100, TestName = "Of no limit a hundred")]
    public int A_block_is_a_small_part_of_what_is_left(int perHour, int perDay) => Take(perHour, perDay, Now).Count;

    [Test]
    public void A_block_is_good_until_its_step_ends() =>
        Assert.That(Take(0, 640, Now), Is.EqualTo(new BudgetGrant(10, EndOfStep, IsDaily: false)));

    [Test]
    public void All_blocks_together_are_the_limit_and_no_text_more()
    {
        var (taken, block) = (0, 0);
        do
        {
            taken += block = Take(0, 1_000, Now).Count;
        }
        while (block > 0);
        Assert.That(taken, Is.EqualTo(1_000));
    }

    [Test]
    public void Used_up_for_the_hour_it_says_when_the_hour_has_room() =>
        Assert.That(TakeUntilUsedUp(2, 3), Is.EqualTo(new BudgetGrant(0, EndOfStep.AddHours(1), IsDaily: false)));

    [Test]
    public void Used_up_for_the_day_it_says_when_the_day_has_room() =>
        Assert.That(TakeUntilUsedUp(3, 3), Is.EqualTo(new BudgetGrant(0, EndOfStep.AddDays(1), IsDaily: true)));

    private BudgetGrant TakeUntilUsedUp(int perHour, int perDay)
    {
        BudgetGrant grant;
        while ((grant = Take(perHour, perDay, Now)).Count > 0)
        {
        }

        return grant;
    }

    private BudgetGrant Take(int perHour, int perDay, DateTimeOffset now) => budget.Take(new BudgetLimits("7", perHour, perDay), now);
}
