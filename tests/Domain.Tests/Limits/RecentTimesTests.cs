using FsCheck;
using FsCheck.Fluent;
using PhoneAuth.Domain.Limits;

namespace PhoneAuth.Domain.Tests.Limits;

public class RecentTimesTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 22, 9, 30, 0, TimeSpan.Zero);
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Test]
    public void Nothing_has_happened_at_first()
    {
        Assert.That((RecentTimes.None.Count, RecentTimes.None.Last), Is.EqualTo((0, (DateTimeOffset?)null)));
        Assert.That(RecentTimes.None.FullUntil(1, Hour, Start), Is.Null);
    }

    [Test]
    public void A_limit_is_full_when_it_is_reached_and_not_before()
    {
        var two = Times(0, 1);
        Assert.That(two.FullUntil(3, Hour, At(2)), Is.Null);
        Assert.That(two.Add(At(2), Hour, 3).FullUntil(3, Hour, At(2)), Is.EqualTo(At(60)));
    }

    [Test]
    public void It_has_room_when_the_oldest_that_counts_leaves_the_window()
    {
        var full = Times(0, 20, 40);
        Assert.That(full.FullUntil(3, Hour, At(60) - TimeSpan.FromTicks(1)), Is.EqualTo(At(60)));
        Assert.That(full.FullUntil(3, Hour, At(60)), Is.Null);
        Assert.That(full.FullUntil(2, Hour, At(59)), Is.EqualTo(At(80)), "of more than the limit the newest decide");
    }

    [Test]
    public void Zero_is_no_limit() => Assert.That(Times(0, 1, 2, 3).FullUntil(0, Hour, At(4)), Is.Null);

    [Test]
    public void What_no_limit_asks_about_is_forgotten()
    {
        Assert.That(Times(0, 1).Add(At(61), Hour, 10).Count, Is.EqualTo(1), "outside the window");
        Assert.That(Times(0, 1).Add(At(2), Hour, 2).Count, Is.EqualTo(2), "more than the limit");
    }

    [Test]
    public void A_clock_that_was_set_back_leaves_the_newest_last()
    {
        var times = Times(10).Add(At(5), Hour, 10);
        Assert.That(times.Last, Is.EqualTo(At(10)));
        Assert.That(times.CountAfter(At(5)), Is.EqualTo(1));
    }

    [Test]
    public void The_first_after_a_moment_is_the_oldest_that_is_younger()
    {
        var times = Times(10, 20, 30);
        Assert.That(times.FirstAfter(At(9)), Is.EqualTo(At(10)));
        Assert.That(times.FirstAfter(At(10)), Is.EqualTo(At(20)), "the moment itself is not after it");
        Assert.That(times.FirstAfter(At(30)), Is.Null);
    }

    [Test]
    public void In_no_window_wherever_it_begins_are_more_than_the_limit() =>
        Prop.ForAll(Arb.From(Gen.Choose(0, 600).ArrayOf(60)), minutes =>
        {
            var (times, taken) = (RecentTimes.None, new List<int>());
            foreach (var minute in minutes.Order().Where(minute => times.FullUntil(5, Hour, At(minute)) is null))
            {
                times = times.Add(At(minute), Hour, 5);
                taken.Add(minute);
            }

            return taken.TrueForAll(begin => taken.Count(minute => minute >= begin && minute < begin + 60) <= 5);
        }).QuickCheckThrowOnFailure();

    [Test]
    public void What_is_stored_is_read_back() =>
        Prop.ForAll(Arb.From(Gen.Choose(0, 59).ArrayOf()), minutes =>
        {
            var times = minutes.Aggregate(RecentTimes.None, (all, minute) => all.Add(At(minute), Hour, 100));
            var read = RecentTimes.FromBytes(times.ToBytes());
            return times.ToBytes().Length == 8 * times.Count && read.ToBytes().AsSpan().SequenceEqual(times.ToBytes()) && read.Last == times.Last;
        }).QuickCheckThrowOnFailure();

    [Test]
    public void Of_nothing_nothing_is_stored_and_nothing_made_when_it_is_read()
    {
        Assert.That(RecentTimes.None.ToBytes(), Is.Empty);
        Assert.That(RecentTimes.FromBytes([]), Is.SameAs(RecentTimes.None));
    }

    private static DateTimeOffset At(int minute) => Start.AddMinutes(minute);

    private static RecentTimes Times(params int[] minutes) => minutes.Aggregate(RecentTimes.None, (all, minute) => all.Add(At(minute), Hour, 100));
}
