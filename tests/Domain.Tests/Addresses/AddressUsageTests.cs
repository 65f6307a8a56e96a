using PhoneAuth.Domain.Addresses;

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

    private DateTimeOffset? Send(DateTimeOffset now) => usage.CountSend(now, Policy).Error?.RetryAt;
}
