using Moq;
using PhoneAuth.Application.Abstractions;
using PhoneAuth.Application.SignIn;
using PhoneAuth.Application.Tests.Harness;
using PhoneAuth.Domain;
using PhoneAuth.Domain.Addresses;
using PhoneAuth.Domain.PhoneNumbers;
using PhoneAuth.Domain.VerificationCodes;

namespace PhoneAuth.Application.Tests.SignIn;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public class SendCodeTests
{
    private readonly List<VerificationCode> added = [];
    private readonly List<CodeMessage> sent = [];

    [Test]
    public async Task A_code_is_saved_before_it_is_sent_and_answered()
    {
        var ports = Make(new Ports());
        byte[]? kept = null;
        var saving = ports.SavesSlowly(() => kept = added[0].CodeHash);
        var handling = Send(ports);
        Assert.That((handling.IsCompleted, sent.Count), Is.EqualTo((false, 0)));
        Assert.That(kept, Is.EqualTo(Ports.CodeHash("0427")));
        saving.SetResult(true);
        var result = await handling;
        Assert.That(result.Value, Is.EqualTo(new SendCodeResponse(Ports.Text, 4, ports.Clock.Now.AddMinutes(5), ports.Clock.Now.AddMinutes(1))));
        Assert.That(sent.Single().Code, Is.EqualTo("0427"));
    }

    [Test]
    public async Task What_is_sent_says_where_to_and_in_which_language_and_until_when()
    {
        var ports = Make(new Ports());
        await Send(ports, "8 (900) 123-45-67");
        var message = sent.Single();
        Assert.That(
            (message.PhoneNumber.E164, message.Language, message.ExpiresAt, message.Id.Version),
            Is.EqualTo((Ports.Text, "ru", ports.Clock.Now.AddMinutes(5), 7)));
        Assert.That(message.ToString(), Does.Not.Contain("0427").And.Not.Contain("1234567"));
    }

    [Test]
    public async Task After_a_lost_race_it_begins_again_and_sends_one_code()
    {
        var ports = Make(new Ports());
        ports.Random.SetupSequence(random => random.Digits(4)).Returns("1111").Returns("2222");
        ports.Saves(false, true);
        await Send(ports);
        Assert.That(sent.Single().Code, Is.EqualTo("2222"));
        ports.Saved(2);
    }

    [Test]
    public async Task The_text_is_queued_in_the_row_that_is_saved()
    {
        var ports = Make(new Ports());
        await Send(ports);
        Assert.That((added[0].MessageId, added[0].SendAfter), Is.EqualTo(((Guid?)sent[0].Id, (DateTimeOffset?)ports.Clock.Now.AddSeconds(12))));
    }

    [Test]
    public async Task A_text_is_taken_once_however_many_races_are_lost_and_what_is_saved_stays_taken()
    {
        var ports = Make(new Ports());
        var order = new List<string>();
        ports.Budgets.Setup(budgets => budgets.TakeAsync("7", ports.Clock.Now, default)).Callback(() => order.Add("take"));
        ports.Budgets.Setup(budgets => budgets.GiveBack("7")).Callback(() => order.Add("give back"));
        ports.Saves(false, true);
        await Send(ports);
        Assert.That(order, Is.EqualTo(new[] { "take" }));
    }

    [Test]
    public async Task Too_soon_nothing_is_drawn_saved_or_sent()
    {
        var ports = Make(new Ports());
        var row = ports.LiveCode("1111");
        Assert.That((await Send(ports)).Error!.Code, Is.EqualTo("resend_too_soon"));
        Assert.That(row().CodeHash, Is.EqualTo(Ports.CodeHash("1111")));
        Nothing(ports);
    }

    [Test]
    public async Task A_country_that_is_not_allowed_is_refused_before_any_row_is_held()
    {
        var ports = Make(new Ports { Numbers = new PhoneNumberPolicy { AllowedCountryCodes = ["44"] } });
        Assert.That((await Send(ports)).Error, Is.EqualTo(VerificationCodeErrors.CountryNotSupported));
        ports.Codes.VerifyNoOtherCalls();
        Nothing(ports);
    }

    [Test]
    public async Task An_address_that_has_sent_enough_is_refused()
    {
        var ports = Make(new Ports { Limits = new AddressPolicy { SendCodePerHour = 1 } });
        ports.Address().CountSend(ports.Clock.Now, ports.Limits);
        Assert.That((await Send(ports)).Error!.Code, Is.EqualTo("too_many_requests"));
        Nothing(ports);
    }

    [Test]
    public async Task The_first_send_of_an_address_is_counted_in_a_row_of_its_own()
    {
        var ports = Make(new Ports());
        AddressUsage? row = null;
        ports.Addresses.Setup(addresses => addresses.Add(It.IsAny<AddressUsage>())).Callback<AddressUsage>(usage => row = usage);
        await Send(ports);
        Assert.That((row!.Address, row.Sends.Count), Is.EqualTo(("203.0.113.7", 1)));
    }

    [Test]
    public async Task A_caller_without_an_address_is_not_limited_by_it()
    {
        var ports = Make(new Ports { Limits = new AddressPolicy { SendCodePerHour = 1 } });
        ports.Caller.SetupGet(caller => caller.Network).Returns((string?)null);
        Assert.That((await Send(ports)).IsSuccess, Is.True);
        ports.Addresses.VerifyNoOtherCalls();
    }

    [Test]
    public async Task A_test_number_has_its_fixed_code_and_nothing_is_sent()
    {
        var ports = Make(TestNumbers());
        Assert.That((await Send(ports)).IsSuccess, Is.True);
        Assert.That(added.Single().CodeHash, Is.EqualTo(Ports.CodeHash("7777")));
        ports.Codes.Verify(codes => codes.HoldForSend(Ports.Number, null), Times.Once, "its address does not matter");
        Assert.That(sent, Is.Empty);
        ports.Random.VerifyNoOtherCalls();
        ports.Saved(1);
    }

    [Test]
    public async Task A_test_number_whose_time_is_over_is_a_number_as_any_other()
    {
        var ports = Make(TestNumbers());
        ports.Clock.Advance(TimeSpan.FromDays(1));
        await Send(ports);
        Assert.That(sent.Single().Code, Is.EqualTo("0427"));
    }

    [Test]
    public async Task A_test_number_that_is_locked_is_refused()
    {
        var ports = Make(TestNumbers());
        var row = VerificationCode.Begin(Ports.Number);
        for (var failure = 0; failure < 10; failure++)
        {
            row.Issue([1], ports.Clock.Now, ports.Verification);
            row.Guess([[2]], ports.Clock.Now, ports.Verification);
        }

        ports.Finds(() => row);
        Assert.That((await Send(ports)).Error!.Code, Is.EqualTo("phone_locked"));
        Nothing(ports);
    }

    private static Ports TestNumbers()
    {
        var until = new DateTimeOffset(2026, 11, 23, 0, 0, 0, TimeSpan.Zero);
        return new Ports { Verification = new VerificationPolicy { TestNumbers = [new TestNumber { PhoneNumber = "8 900 123-45-67", Code = "7777", ExpiresAt = until }] } };
    }

    private static Task<Result<SendCodeResponse>> Send(Ports ports, string number = Ports.Text)
    {
        var handler = new SendCodeHandler(
            ports.Codes.Object,
            ports.AddressLimits,
            ports.Permits,
            ports.UnitOfWork.Object,
            ports.Hasher.Object,
            ports.Random.Object,
            ports.Sender.Object,
            ports.Caller.Object,
            new TestNumbers(ports.Verification, ports.Numbers),
            ports.Numbers,
            ports.Verification,
            ports.Clock);
        return handler.Handle(new SendCodeCommand(number), CancellationToken.None);
    }

    private Ports Make(Ports ports)
    {
        ports.Random.Setup(random => random.Digits(4)).Returns("0427");
        ports.Codes.Setup(codes => codes.Add(It.IsAny<VerificationCode>())).Callback<VerificationCode>(added.Add);
        ports.Sender.Setup(sender => sender.Seal(It.IsAny<CodeMessage>(), It.IsAny<DateTimeOffset>()))
            .Returns((CodeMessage message, DateTimeOffset now) => new QueuedText(message.Id, [7], now.AddSeconds(12)));
        ports.Sender.Setup(sender => sender.Send(It.IsAny<CodeMessage>(), It.IsAny<QueuedText>())).Callback((CodeMessage message, QueuedText _) => sent.Add(message));
        return ports;
    }

    private void Nothing(Ports ports)
    {
        Assert.That((sent.Count, added.Count), Is.EqualTo((0, 0)));
        ports.Addresses.Verify(addresses => addresses.Add(It.IsAny<AddressUsage>()), Times.Never);
        ports.Random.VerifyNoOtherCalls();
    }
}
