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
        Assert.That(await SendAsync(ports), Is.Null);
        return usage.Sends.Count == 1;
    }

    [TestCase(0, BrakeMode.Off, ExpectedResult = false)]
    [TestCase(30, BrakeMode.Off, ExpectedResult = true)]
    [TestCase(0, BrakeMode.Record, ExpectedResult = true)]
    public async Task<bool> A_guess_holds_the_address_where_a_limit_or_the_brake_asks_about_it(int failedPerDay, BrakeMode brake)
    {
        var ports = With(new AddressPolicy { FailedCodesPerDay = failedPerDay }, brake);
        var usage = ports.Address();
        return (await ports.AddressLimits.HoldForGuessAsync(ports.Clock.Now, default)).Usage == usage;
    }

    [Test]
    public async Task A_send_that_the_permit_refuses_does_not_count_for_the_address()
    {
        var ports = With(new AddressPolicy(), BrakeMode.Enforce);
        var usage = ports.Address();
        ports.Traffic.Setup(traffic => traffic.CountSend("7", ports.Brake)).Returns(new UsedUp("country_hour", ports.Clock.Now.AddHours(1)));
        Assert.That((await SendAsync(ports))!.RetryAt, Is.EqualTo(ports.Clock.Now.AddHours(1)));
        Assert.That(usage.Sends.Count, Is.Zero);
    }

    [TestCase(BrakeMode.Off, ExpectedResult = 0)]
    [TestCase(BrakeMode.Enforce, ExpectedResult = 1)]
    public async Task<int> A_code_that_was_typed_back_is_counted_for_the_brake_alone(BrakeMode brake)
    {
        var ports = With(new AddressPolicy(), brake);
        var usage = ports.Address();
        (await ports.AddressLimits.HoldForGuessAsync(ports.Clock.Now, default)).CountVerified();
        return usage.VerifiedCodes.Count;
    }

    [Test]
    public async Task Where_nothing_is_held_nothing_is_counted_or_refused()
    {
        var ports = With(NoLimits, BrakeMode.Off);
        Assert.That(await SendAsync(ports), Is.Null);
        var address = await ports.AddressLimits.HoldForGuessAsync(ports.Clock.Now, default);
        address.CountFailure();
        address.CountVerified();
        Assert.That(address.Refusal, Is.Null);
        ports.Addresses.VerifyNoOtherCalls();
    }

    private static Ports With(AddressPolicy limits, BrakeMode brake) => new() { Limits = limits, Brake = new BrakePolicy { Brake = brake } };

    private static async Task<Error?> SendAsync(Ports ports)
    {
        using var permit = await ports.Permits.AskAsync("7", default);
        return await ports.AddressLimits.CountSendAsync(permit, ports.Clock.Now, default);
    }
}
