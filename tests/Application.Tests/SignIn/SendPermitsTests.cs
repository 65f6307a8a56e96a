using Moq;
using PhoneAuth.Application.Abstractions;
using PhoneAuth.Application.SignIn;
using PhoneAuth.Application.Tests.Harness;
using PhoneAuth.Domain;
using PhoneAuth.Domain.Addresses;
using PhoneAuth.Domain.Spending;

namespace PhoneAuth.Application.Tests.SignIn;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class SendPermitsTests : IDisposable
{
    private const string Country = "7";

    private readonly Ports ports = With(BrakeMode.Enforce);
    private readonly Measurements told;
    private readonly UsedUp exceeded;

    public SendPermitsTests() => (told, exceeded) = (new Measurements(ports.Telemetry), new UsedUp("country_hour", ports.Clock.Now.AddMinutes(40)));

    public void Dispose() => told.Dispose();

    [Test]
    public async Task A_budget_that_is_used_up_refuses_and_nothing_is_counted_or_given_back()
    {
        ports.Budgets.Setup(budgets => budgets.TakeAsync(Country, ports.Clock.Now, default)).ReturnsAsync(new UsedUp("service_day", ports.Clock.Now.AddHours(5)));
        using (var permit = await AskAsync())
        {
            Assert.That(Refusal(permit.Decide(null, ports.Clock.Now)), Is.EqualTo(("too_many_requests", ports.Clock.Now.AddHours(5))));
        }

        Assert.That(told.Seen, Is.EqualTo(new[] { "brake.decisions 1 7 refused service_day" }));
        ports.Budgets.Verify(budgets => budgets.GiveBack(It.IsAny<string>()), Times.Never);
        ports.Traffic.VerifyNoOtherCalls();
    }

    [Test]
    public async Task Where_the_brake_is_off_a_budget_with_room_is_all_that_is_asked()
    {
        var off = With(BrakeMode.Off);
        using var toldThere = new Measurements(off.Telemetry);
        using (var permit = await AskAsync(off))
        {
            Assert.That(permit.Decide(Busy(off), off.Clock.Now), Is.Null);
        }

        Assert.That(toldThere.Seen, Is.EqualTo(new[] { "brake.decisions 1 7 allowed room" }));
        off.Budgets.Verify(budgets => budgets.GiveBack(Country), Times.Once);
        off.Permits.CountVerified(Country);
        off.Traffic.VerifyNoOtherCalls();
    }

    [Test]
    public async Task The_other_instances_are_looked_at_before_a_text_is_counted()
    {
        var order = new List<string>();
        ports.Traffic.Setup(traffic => traffic.LookAsync(default)).Callback(() => order.Add("look"));
        ports.Traffic.Setup(traffic => traffic.CountSend(Country, ports.Brake)).Callback(() => order.Add("count"));
        using var permit = await AskAsync();
        Assert.That(permit.Decide(null, ports.Clock.Now), Is.Null);
        Assert.That((order, told.Seen), Is.EqualTo((new[] { "look", "count" }, new[] { "brake.decisions 1 7 allowed room" })));
    }

    [Test]
    public async Task A_country_without_room_refuses_until_it_may_have_some()
    {
        Exceed();
        using var permit = await AskAsync();
        Assert.That(Refusal(permit.Decide(Address(), ports.Clock.Now)), Is.EqualTo(("too_many_requests", exceeded.RetryAt)));
        Assert.That(told.Seen, Is.EqualTo(new[] { "brake.decisions 1 7 refused country_hour" }));
    }

    [TestCase(1, 1, ExpectedResult = "brake.decisions 1 7 allowed trusted_address", TestName = "More verified than left open")]
    [TestCase(2, 1, ExpectedResult = "brake.decisions 1 7 refused country_hour", TestName = "As much left open as verified")]
    [TestCase(0, 0, ExpectedResult = "brake.decisions 1 7 refused country_hour", TestName = "Nothing of either")]
    public async Task<string> An_address_that_has_verified_more_than_it_left_open_goes_past_a_country(int sent, int verified)
    {
        Exceed();
        using var permit = await AskAsync();
        var refused = permit.Decide(Address(sent, verified), ports.Clock.Now);
        Assert.That(refused is null, Is.EqualTo(told.Seen[0].Contains("allowed", StringComparison.Ordinal)));
        return told.Seen.Single();
    }

    [Test]
    public async Task An_address_that_leaves_too_many_open_is_refused_until_its_oldest_text_leaves_the_hour()
    {
        using var permit = await AskAsync();
        var now = ports.Clock.Now.AddMinutes(20);
        Assert.That(Refusal(permit.Decide(Busy(ports), now)), Is.EqualTo(("too_many_requests", ports.Clock.Now.AddHours(1))));
        Assert.That(told.Seen, Is.EqualTo(new[] { "brake.decisions 1 7 refused address_hour" }));
    }

    [Test]
    public async Task A_brake_that_only_records_says_so_and_lets_the_text_go()
    {
        var recording = With(BrakeMode.Record);
        using var toldThere = new Measurements(recording.Telemetry);
        using var permit = await AskAsync(recording);
        Assert.That(permit.Decide(Busy(recording), recording.Clock.Now), Is.Null);
        Assert.That(toldThere.Seen, Is.EqualTo(new[] { "brake.decisions 1 7 recorded address_hour" }));
    }

    [Test]
    public async Task A_text_that_is_recorded_stays_counted()
    {
        using (var permit = await AskAsync())
        {
            permit.Use();
        }

        GivenBack(budget: 0, texts: 0);
    }

    [Test]
    public async Task A_text_that_goes_past_its_country_is_counted_when_it_is_recorded()
    {
        Exceed();
        using (var permit = await AskAsync())
        {
            permit.Use();
        }

        ports.Traffic.Verify(traffic => traffic.Count(Country, new Traffic(1, 0)), Times.Once);
        GivenBack(budget: 0, texts: 0);
    }

    [Test]
    public async Task A_text_that_was_not_recorded_is_given_back_once()
    {
        var permit = await AskAsync();
        permit.Dispose();
        permit.Dispose();
        GivenBack(budget: 1, texts: 1);
    }

    [Test]
    public async Task What_was_not_counted_for_its_country_is_not_taken_back_from_it()
    {
        Exceed();
        (await AskAsync()).Dispose();
        GivenBack(budget: 1, texts: 0);
    }

    [Test]
    public void A_code_that_was_typed_back_counts_for_its_country()
    {
        ports.Permits.CountVerified(Country);
        ports.Traffic.Verify(traffic => traffic.Count(Country, new Traffic(0, 1)), Times.Once);
    }

    private static Ports With(BrakeMode mode) => new() { Brake = new BrakePolicy { Brake = mode } };

    private static (string, DateTimeOffset?) Refusal(Error? error) => (error!.Code, error.RetryAt);

    private static AddressUsage Busy(Ports with)
    {
        var usage = AddressUsage.Begin("203.0.113.7", with.Clock.Now);
        for (var send = 0; send < with.Brake.BrakeLimits.AddressPerHour; send++)
        {
            usage.CountSend(with.Clock.Now, with.Limits, weighed: true);
        }

        return usage;
    }

    private AddressUsage Address(int sent = 0, int verified = 0)
    {
        var usage = AddressUsage.Begin("203.0.113.7", ports.Clock.Now);
        for (var send = 0; send < sent; send++)
        {
            usage.CountSend(ports.Clock.Now, ports.Limits, weighed: true);
        }

        for (var code = 0; code < verified; code++)
        {
            usage.CountVerified(ports.Clock.Now);
        }

        return usage;
    }

    private void Exceed() => ports.Traffic.Setup(traffic => traffic.CountSend(Country, ports.Brake)).Returns(exceeded);

    private void GivenBack(int budget, int texts)
    {
        ports.Budgets.Verify(budgets => budgets.GiveBack(Country), Times.Exactly(budget));
        ports.Traffic.Verify(traffic => traffic.Count(Country, new Traffic(-1, 0)), Times.Exactly(texts));
    }

    private ValueTask<SendPermits.SendPermit> AskAsync(Ports? other = null) => (other ?? ports).Permits.AskAsync(Country, default);
}
