using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using PhoneAuth.Application.Abstractions;
using PhoneAuth.Infrastructure.Sms;
using PhoneAuth.Infrastructure.Tests.Harness;
using PhoneAuth.Testing;

namespace PhoneAuth.Infrastructure.Tests.Sms.Sending;

internal sealed class TextSenderTests
{
    private FakeClock clock = null!;
    private FakeGateway one = null!;
    private FakeGateway two = null!;
    private TextSender sender = null!;

    [SetUp]
    public void Make()
    {
        (clock, one, two) = (new FakeClock(), new FakeGateway("One"), new FakeGateway("Two"));
        var routes = new SmsRoutes(
            new SmsOptions { Provider = "One, Two", Routes = new Dictionary<string, string>(StringComparer.Ordinal) { ["44"] = "Two" } }, [one, two]);
        sender = new TextSender(routes, new SmsTexts(new SmsTextOptions()), new Telemetry(new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>()), clock, NullLogger<TextSender>.Instance);
    }

    [Test]
    public async Task The_first_gateway_that_takes_it_ends_the_walk()
    {
        one.Say(SmsOutcome.Accepted("abc"));
        var text = await SendAsync();
        Assert.That((text.Fate, text.Gateway, text.GatewayMessageId, text.Tries), Is.EqualTo((TextFate.Sent, "One", "abc", 1)));
        Assert.That(two.Asked, Is.Empty);
    }

    [Test]
    public async Task A_gateway_that_fails_or_refuses_makes_way_for_the_next_at_once([Values] bool refuses)
    {
        one.Say(refuses ? SmsOutcome.Refused("21211") : SmsOutcome.TryLater("503"));
        var text = await SendAsync();
        Assert.That((text.Fate, text.Gateway, text.Tries), Is.EqualTo((TextFate.Sent, "Two", 2)));
    }

    [Test]
    public async Task A_gateway_that_throws_is_one_that_fails()
    {
        one.Answer = (_, _) => throw new FormatException("a bug");
        Assert.That((await SendAsync()).Gateway, Is.EqualTo("Two"));
    }

    [Test]
    public async Task A_gateway_whose_breaker_is_open_is_passed_over_and_used_again_when_it_closes()
    {
        one.IsAvailable = false;
        Assert.That((await SendAsync()).Gateway, Is.EqualTo("Two"));
        Assert.That(one.Asked, Is.Empty);
        one.IsAvailable = true;
        Assert.That((await SendAsync()).Gateway, Is.EqualTo("One"));
    }

    [Test]
    public async Task When_all_are_passed_over_it_is_tried_again_later()
    {
        (one.IsAvailable, two.IsAvailable) = (false, false);
        var text = await SendAsync();
        Assert.That((text.Fate, text.Tries), Is.EqualTo((TextFate.Later, 0)));
    }

    [Test]
    public async Task When_all_refuse_it_has_failed()
    {
        one.Say(SmsOutcome.Refused("blocked"));
        two.Say(SmsOutcome.Refused("no route"));
        Assert.That((await SendAsync()).Fate, Is.EqualTo(TextFate.Failed));
    }

    [Test]
    public async Task Whoever_refused_it_is_not_asked_again()
    {
        one.Say(SmsOutcome.Refused("blocked"));
        two.Say(SmsOutcome.TryLater("503"));
        var first = await SendAsync();
        Assert.That(first.Fate, Is.EqualTo(TextFate.Later));
        Assert.That(first.RefusedBy, Is.EqualTo(new[] { "One" }));
        await SendAsync(refusedBy: ["One"]);
        Assert.That((one.Asked.Count, two.Asked.Count), Is.EqualTo((1, 2)));
    }

    [Test]
    public async Task A_gateway_that_asks_for_silence_is_left_alone_so_long_by_every_text()
    {
        one.Say(SmsOutcome.TryLater("429", TimeSpan.FromSeconds(40)));
        await SendAsync();
        clock.Advance(TimeSpan.FromSeconds(39));
        await SendAsync();
        Assert.That((one.Asked.Count, two.Asked.Count), Is.EqualTo((1, 2)));
        clock.Advance(TimeSpan.FromSeconds(1));
        await SendAsync();
        Assert.That(one.Asked, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task The_next_try_waits_for_the_first_gateway_that_may_be_asked_again()
    {
        one.Say(SmsOutcome.TryLater("429", TimeSpan.FromSeconds(40)));
        two.Say(SmsOutcome.TryLater("429", TimeSpan.FromSeconds(20)));
        Assert.That((await SendAsync()).NextAt, Is.EqualTo(clock.Now.AddSeconds(20)));
    }

    [Test]
    public async Task What_cannot_be_tried_again_while_the_code_lives_has_failed()
    {
        one.Say(SmsOutcome.TryLater("503", TimeSpan.FromHours(1)));
        two.Say(SmsOutcome.TryLater("503", TimeSpan.FromMinutes(6)));
        Assert.That((await SendAsync()).Fate, Is.EqualTo(TextFate.Failed));
    }

    [Test]
    public async Task Nothing_is_sent_that_is_no_longer_ours_or_has_expired()
    {
        var lost = await SendAsync(hold: _ => Task.FromResult(false));
        Assert.That(lost.Fate, Is.EqualTo(TextFate.InHand));
        var expired = await SendAsync(hold: _ =>
        {
            clock.Advance(TimeSpan.FromMinutes(5));
            return Task.FromResult(true);
        });
        Assert.That(expired.Fate, Is.EqualTo(TextFate.Failed));
        Assert.That(one.Asked.Concat(two.Asked), Is.Empty);
    }

    [Test]
    public async Task Each_try_makes_sure_that_the_text_is_still_ours()
    {
        one.Say(SmsOutcome.TryLater("503"));
        var holds = 0;
        await SendAsync(hold: _ => Task.FromResult(++holds == 1));
        Assert.That((holds, one.Asked.Count, two.Asked.Count), Is.EqualTo((2, 1, 0)));
    }

    [Test]
    public async Task A_country_with_a_route_goes_its_way()
    {
        await SendAsync(number: "+447911123456");
        Assert.That((one.Asked.Count, two.Asked.Count), Is.EqualTo((0, 1)));
    }

    private async Task<HeldText> SendAsync(Func<HeldText, Task<bool>>? hold = null, string[]? refusedBy = null, string? number = null)
    {
        var phoneNumber = number is null ? Store.NewNumber() : Domain.PhoneNumbers.PhoneNumber.FromStorage(number);
        var message = new CodeMessage(Guid.CreateVersion7(), phoneNumber, "0427", "en", null, clock.Now.AddMinutes(5));
        var text = new HeldText(message, clock.Now, clock.Now.AddSeconds(12), 0, refusedBy ?? []);
        await sender.SendAsync(text, hold ?? (_ => Task.FromResult(true)), CancellationToken.None);
        return text;
    }
}
