using Moq;
using PhoneAuth.Application.Abstractions;
using PhoneAuth.Application.Tests.Harness;
using PhoneAuth.Domain;
using PhoneAuth.Domain.Addresses;
using PhoneAuth.Domain.Spending;

namespace PhoneAuth.Application.Tests.SignIn;

public class AddressLimitsTests
{
    private static readonly AddressPolicy NoLimits = new() { SendCodePerHour = 0, SendCodePerDay = 0, FailedCodesPerDay = 0 };

    [TestCase(0, 0, BrakeMode.Off, ExpectedResult = false)]
    [TestCase(20, 0, BrakeMode.Off, ExpectedResult = true)]
    [TestCase(0, 60, BrakeMode.Off, ExpectedResult = true)]
    [TestCase(0, 0, BrakeMode.Record, ExpectedResult = true)]
    public async Task<bool> A_send_holds_the_address_where_a_limit_or_the_brake_asks_about_it(int perHour, int perDay, BrakeMode brake)
    {
        var ports = With(new AddressPolicy { SendCodePerHour = perHour, SendCodePerDay = perDay }, brake);
        var usage = ports.Address();
        Assert.That(await SendAsync(ports, usage), Is.Null);
        Assert.That(ports.AddressLimits.NetworkForSend is null, Is.EqualTo(usage.Sends.Count == 0));
        ports.Addresses.VerifyNoOtherCalls();
        return usage.Sends.Count == 1;
    }

    [TestCase(0, BrakeMode.Off, ExpectedResult = false)]
    [TestCase(30, BrakeMode.Off, ExpectedResult = true)]
    [TestCase(0, BrakeMode.Record, ExpectedResult = true)]
    public bool A_guess_holds_the_address_where_a_limit_or_the_brake_asks_about_it(int failedPerDay, BrakeMode brake)
    {
        var ports = With(new AddressPolicy { FailedCodesPerDay = failedPerDay }, brake);
        return ports.AddressLimits.NetworkForGuess == "203.0.113.7";
    }

    [Test]
    public async Task A_send_that_the_permit_refuses_does_not_count_for_the_address()
    {
        var ports = With(new AddressPolicy(), BrakeMode.Enforce);
        var usage = ports.Address();
        ports.Traffic.Setup(traffic => traffic.CountSend("7", ports.Brake)).Returns(new UsedUp("country_hour", ports.Clock.Now.AddHours(1)));
        Assert.That((await SendAsync(ports, usage))!.RetryAt, Is.EqualTo(ports.Clock.Now.AddHours(1)));
        Assert.That(usage.Sends.Count, Is.Zero);
    }

    [TestCase(BrakeMode.Off, ExpectedResult = 0)]
    [TestCase(BrakeMode.Enforce, ExpectedResult = 1)]
    public int A_code_that_was_typed_back_is_counted_for_the_brake_alone(BrakeMode brake)
    {
        var ports = With(new AddressPolicy(), brake);
        var usage = ports.Address();
        ports.AddressLimits.CountVerified(usage, ports.Clock.Now);
        return usage.VerifiedCodes.Count;
    }

    [Test]
    public void An_address_that_types_a_code_back_without_having_asked_for_one_begins_to_be_counted()
    {
        var ports = With(NoLimits, BrakeMode.Enforce);
        AddressUsage? row = null;
        ports.Addresses.Setup(addresses => addresses.Add(It.IsAny<AddressUsage>())).Callback<AddressUsage>(usage => row = usage);
        ports.AddressLimits.CountVerified(null, ports.Clock.Now);
        Assert.That(row?.VerifiedCodes.Count, Is.EqualTo(1));
    }

    [Test]
    public async Task Where_nothing_is_held_nothing_is_counted_or_refused()
    {
        var ports = With(NoLimits, BrakeMode.Off);
        Assert.That(await SendAsync(ports, null), Is.Null);
        ports.AddressLimits.CountFailure(null, ports.Clock.Now);
        ports.AddressLimits.CountVerified(null, ports.Clock.Now);
        Assert.That(ports.AddressLimits.MayGuess(null, ports.Clock.Now), Is.Null);
        ports.Addresses.VerifyNoOtherCalls();
    }

    private static Ports With(AddressPolicy limits, BrakeMode brake) => new() { Limits = limits, Brake = new BrakePolicy { Brake = brake } };

    private static async Task<Error?> SendAsync(Ports ports, AddressUsage? usage)
    {
        using var permit = await ports.Permits.AskAsync("7", default);
        return ports.AddressLimits.CountSend(usage, permit, ports.Clock.Now);
    }
}
