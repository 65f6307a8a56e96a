using PhoneAuth.Domain.Addresses;
using PhoneAuth.Domain.Spending;

namespace PhoneAuth.Domain.Tests.Addresses;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public class AddressUsageTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 22, 9, 30, 0, TimeSpan.Zero);
    private static readonly AddressPolicy Policy = new() { SendCodePerHour = 2, SendCodePerDay = 3, FailedCodesPerDay = 2 };

    private readonly AddressUsage usage = AddressUsage.Begin("203.0.113.7", Start);

    [Test]
    public void The_limit_of_an_hour_lets_go_after_an_hour()
    {
        Assert.That(new[] { Send(Start), Send(Start.AddMinutes(10)) }, Is.All.Null);
        Assert.That(Send(Start.AddMinutes(20)), Is.EqualTo(Start.AddHours(1)));
        Assert.That(Send(Start.AddHours(1)), Is.Null);
    }

    [Test]
    public void The_limit_of_a_day_holds_beyond_the_hours()
    {
        Assert.That(new[] { Send(Start), Send(Start.AddHours(2)), Send(Start.AddHours(4)) }, Is.All.Null);
        Assert.That(Send(Start.AddHours(6)), Is.EqualTo(Start.AddDays(1)));
        Assert.That(usage.Sends.Count, Is.EqualTo(3), "a refused send is none");
    }

    [TestCase(2, 2, 10, 24 * 60, TestName = "The day's")]
    [TestCase(1, 2, (23 * 60) + 30, (24 * 60) + 30, TestName = "The hour's")]
    public void Of_two_limits_that_are_full_the_later_one_is_named(int perHour, int perDay, int secondAfterMinutes, int roomAfterMinutes)
    {
        var (policy, second) = (new AddressPolicy { SendCodePerHour = perHour, SendCodePerDay = perDay }, Start.AddMinutes(secondAfterMinutes));
        usage.CountSend(Start, policy);
        usage.CountSend(second, policy);
        Assert.That(usage.MaySend(second, policy).Error!.RetryAt, Is.EqualTo(Start.AddMinutes(roomAfterMinutes)));
    }

    [Test]
    public void Zero_is_no_limit()
    {
        var none = new AddressPolicy { SendCodePerHour = 0, SendCodePerDay = 0, FailedCodesPerDay = 0 };
        for (var time = 0; time < 100; time++)
        {
            Assert.That(usage.CountSend(Start, none).IsSuccess, Is.True);
            usage.CountFailure(Start, none);
            Assert.That(usage.MayGuess(Start, none).IsSuccess, Is.True);
        }
    }

    [Test]
    public void Wrong_codes_close_the_address_for_guesses_until_they_are_a_day_old()
    {
        usage.CountFailure(Start, Policy);
        Assert.That(usage.MayGuess(Start, Policy).IsSuccess, Is.True);
        usage.CountFailure(Start.AddHours(1), Policy);
        var refused = usage.MayGuess(Start.AddHours(2), Policy).Error!;
        Assert.That((refused.Code, refused.RetryAt), Is.EqualTo(("too_many_requests", Start.AddDays(1))));
        Assert.That(usage.MayGuess(Start.AddDays(1), Policy).IsSuccess, Is.True);
    }

    [Test]
    public void The_brake_weighs_two_hundred_sends_however_few_the_limits_ask_for()
    {
        var none = new AddressPolicy { SendCodePerHour = 0, SendCodePerDay = 0 };
        for (var send = 0; send < 201; send++)
        {
            usage.CountSend(Start, none, weighed: true);
        }

        Assert.That(usage.Sends.Count, Is.EqualTo(200));
    }

    [Test]
    public void What_neither_the_brake_nor_a_limit_asks_about_is_not_remembered()
    {
        usage.CountSend(Start, new AddressPolicy { SendCodePerHour = 0, SendCodePerDay = 0 });
        Assert.That(usage.Sends.Count, Is.Zero);
    }

    [Test]
    public void What_was_asked_for_and_typed_back_is_told_for_the_hour_and_for_the_day()
    {
        Send(Start);
        Send(Start.AddMinutes(30));
        usage.CountVerified(Start);
        usage.CountVerified(Start.AddMinutes(40));
        usage.CountVerified(Start.AddMinutes(50));
        Assert.That(usage.TrafficOfHour(Start.AddHours(1)), Is.EqualTo(new Traffic(1, 2)), "what is an hour old has left it");
        Assert.That(usage.TrafficOfDay(Start.AddDays(1).AddTicks(-1)), Is.EqualTo(new Traffic(2, 3)));
        Assert.That(usage.TrafficOfDay(Start.AddDays(1)), Is.EqualTo(new Traffic(1, 2)), "what is a day old has left it");
    }

    [Test]
    public void The_brake_may_let_go_when_the_oldest_send_of_the_hour_leaves_it()
    {
        Assert.That(usage.BrakeRetryAt(Start), Is.EqualTo(Start.AddHours(1)), "with none the whole hour is to pass");
        Send(Start);
        Send(Start.AddMinutes(30));
        Assert.That(usage.BrakeRetryAt(Start.AddMinutes(40)), Is.EqualTo(Start.AddHours(1)));
        Assert.That(usage.BrakeRetryAt(Start.AddHours(1)), Is.EqualTo(Start.AddMinutes(90)));
    }

    [Test]
    public void Whatever_is_counted_keeps_the_row()
    {
        Assert.That(usage.UpdatedAt, Is.EqualTo(Start));
        Send(Start.AddMinutes(1));
        Assert.That(usage.UpdatedAt, Is.EqualTo(Start.AddMinutes(1)));
        usage.CountVerified(Start.AddMinutes(2));
        Assert.That(usage.UpdatedAt, Is.EqualTo(Start.AddMinutes(2)));
        usage.CountFailure(Start.AddMinutes(3), Policy);
        Assert.That(usage.UpdatedAt, Is.EqualTo(Start.AddMinutes(3)));
    }

    private DateTimeOffset? Send(DateTimeOffset now) => usage.CountSend(now, Policy).Error?.RetryAt;
}
