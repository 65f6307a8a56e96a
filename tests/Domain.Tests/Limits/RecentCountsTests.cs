using PhoneAuth.Domain.Limits;

namespace PhoneAuth.Domain.Tests.Limits;

internal sealed class RecentCountsTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 9, 33, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset EndOfStep = new(2026, 11, 22, 9, 35, 0, TimeSpan.Zero);
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    [Test]
    public void A_step_counts_until_the_whole_of_it_has_left_the_window()
    {
        var counts = RecentCounts.None.Add(7, Now, Day);
        Assert.That(counts.Within(Hour, Now.AddMinutes(61)), Is.EqualTo(7));
        Assert.That(counts.Within(Hour, new DateTimeOffset(2026, 11, 22, 10, 35, 0, TimeSpan.Zero)), Is.Zero);
    }

    [Test]
    public void There_is_room_again_when_enough_steps_have_left()
    {
        var counts = RecentCounts.None.Add(2, Now, Day).Add(3, Now.AddMinutes(10), Day);
        Assert.That(counts.Room(5, Hour, Now.AddMinutes(10)), Is.Zero);
        Assert.That(counts.RoomAt(5, Hour, Now.AddMinutes(10)), Is.EqualTo(new DateTimeOffset(2026, 11, 22, 10, 35, 0, TimeSpan.Zero)));
        Assert.That(counts.RoomAt(3, Hour, Now.AddMinutes(10)), Is.EqualTo(new DateTimeOffset(2026, 11, 22, 10, 45, 0, TimeSpan.Zero)));
        Assert.That(counts.Room(0, Hour, Now), Is.EqualTo(int.MaxValue));
    }

    [Test]
    public void A_limit_leaves_what_is_not_used_and_never_less_than_nothing()
    {
        var counts = RecentCounts.None.Add(5, Now, Day);
        Assert.That(counts.Room(7, Hour, Now), Is.EqualTo(2));
        Assert.That(counts.Room(3, Hour, Now), Is.Zero, "a limit that was lowered meanwhile");
    }

    [Test]
    public void Room_comes_from_steps_that_still_count_alone()
    {
        var counts = RecentCounts.None.Add(2, Now, Day).Add(3, Now.AddMinutes(10), Day);
        Assert.That(counts.RoomAt(5, Hour, EndOfStep.AddHours(1).AddTicks(-1)), Is.EqualTo(EndOfStep.AddHours(1)), "the first is about to leave");
        Assert.That(counts.RoomAt(3, Hour, EndOfStep.AddHours(1)), Is.EqualTo(EndOfStep.AddMinutes(70)), "the first has left");
        Assert.That(counts.RoomAt(6, Hour, EndOfStep.AddHours(2)), Is.EqualTo(EndOfStep.AddHours(2)), "all have left");
    }

    [Test]
    public void A_step_is_kept_until_the_whole_of_it_has_left_the_window()
    {
        var counts = RecentCounts.None.Add(7, Now, Day);
        Assert.That(counts.Add(1, EndOfStep.AddDays(1).AddTicks(-1), Day).Within(Day, EndOfStep.AddDays(1).AddTicks(-1)), Is.EqualTo(8));
        Assert.That(counts.Add(1, EndOfStep.AddDays(1), Day).ToBytes(), Has.Length.EqualTo(RecentCounts.None.Add(1, Now, Day).ToBytes().Length));
    }

    [Test]
    public void What_is_stored_is_read_back_and_never_longer_than_a_window_needs()
    {
        var counts = Enumerable.Range(0, 2000).Aggregate(RecentCounts.None, (sum, minute) => sum.Add(1, Now.AddMinutes(minute), Day));
        var read = RecentCounts.FromBytes(counts.ToBytes());
        Assert.That(read.Within(Day, Now.AddMinutes(1999)), Is.EqualTo(counts.Within(Day, Now.AddMinutes(1999))));
        Assert.That(read.ToBytes(), Has.Length.LessThanOrEqualTo(12 * 290));
    }
}
