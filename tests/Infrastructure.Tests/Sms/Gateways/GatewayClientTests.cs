using PhoneAuth.Infrastructure.Sms;
using PhoneAuth.Infrastructure.Sms.Http;

namespace PhoneAuth.Infrastructure.Tests.Sms.Gateways;

/// <summary>What all gateways over HTTP have in common, tried with one of them.</summary>
internal sealed class GatewayClientTests : GatewayTest
{
    [Test]
    public async Task A_gateway_that_hangs_is_given_up_after_its_time_out()
    {
        Stub.Answer = context => Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        var outcome = await Webhook(timeout: "00:00:00.2").SendAsync(Message, default).WaitAsync(TimeSpan.FromSeconds(5));
        Assert.That((outcome.Result, outcome.Reason), Is.EqualTo((SmsResult.TryLater, "time-out")));
    }

    [Test]
    public async Task A_gateway_that_breaks_off_is_tried_later_and_not_at_once()
    {
        Stub.Answer = context =>
        {
            context.Abort();
            return Task.CompletedTask;
        };
        var outcome = await Webhook().SendAsync(Message, default);
        Assert.That((outcome.Result, outcome.Reason), Is.EqualTo((SmsResult.TryLater, "connection: ResponseEnded")).Or.EqualTo((SmsResult.TryLater, "connection: Unknown")));
        Assert.That(Stub.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_gateway_that_nobody_is_at_is_tried_later()
    {
        await Stub.DisposeAsync();
        var outcome = await Webhook().SendAsync(Message, default);
        Assert.That((outcome.Result, outcome.Reason), Is.EqualTo((SmsResult.TryLater, "connection: ConnectionError")));
    }

    [Test]
    public async Task The_end_of_the_wait_is_the_callers_business()
    {
        using var ended = new CancellationTokenSource();
        Stub.Answer = async context =>
        {
            await ended.CancelAsync();
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        };
        Assert.CatchAsync<OperationCanceledException>(() => Webhook().SendAsync(Message, ended.Token));
    }

    [Test]
    public async Task A_gateway_that_keeps_failing_is_left_alone_and_then_tried_by_one_text()
    {
        var gateway = Webhook();
        Stub.Answers(500);
        await SendAsync(gateway, GatewayClient.FewestTexts);
        Assert.That(gateway.IsAvailable, Is.False);

        Assert.That((await gateway.SendAsync(Message, default)).Result, Is.EqualTo(SmsResult.TryLater));
        Assert.That(Stub.Requests, Has.Count.EqualTo(GatewayClient.FewestTexts), "a gateway that is left alone is asked nothing");

        Clock.Advance(GatewayClient.BreakDuration);
        Assert.That(gateway.IsAvailable, Is.True);
        await SendAsync(gateway, 2);
        Assert.That(gateway.IsAvailable, Is.False);
        Assert.That(Stub.Requests, Has.Count.EqualTo(GatewayClient.FewestTexts + 1), "one text finds out that it is no better");

        Clock.Advance(GatewayClient.BreakDuration);
        Stub.Answers(200);
        await SendAsync(gateway, 3);
        Assert.That(gateway.IsAvailable, Is.True);
        Assert.That(Stub.Requests, Has.Count.EqualTo(GatewayClient.FewestTexts + 4));
    }

    [Test]
    public async Task Texts_that_are_refused_do_not_count_against_a_gateway()
    {
        var gateway = Webhook();
        Stub.Answers(400);
        await SendAsync(gateway, 3 * GatewayClient.FewestTexts);
        Assert.That(gateway.IsAvailable, Is.True);
    }

    [Test]
    public async Task A_large_answer_is_not_read()
    {
        Stub.Answer = async context =>
        {
            var chunk = new byte[GatewayClients.LargestAnswer];
            Array.Fill(chunk, (byte)' ');
            for (var sent = 0; sent < 4 && !context.RequestAborted.IsCancellationRequested; sent++)
            {
                await context.Response.Body.WriteAsync(chunk);
            }

            await context.Response.Body.WriteAsync("""{"id":1}"""u8.ToArray());
        };
        var gateway = Gateway("Smsc", ("Sms:Smsc:ApiKey", "key"), ("Sms:Smsc:BaseUrl", Stub.Url));
        Assert.That((await gateway.SendAsync(Message, default)).Result, Is.EqualTo(SmsResult.TryLater));
    }

    private async Task SendAsync(ISmsGateway gateway, int texts)
    {
        for (var sent = 0; sent < texts; sent++)
        {
            await gateway.SendAsync(Message, default);
        }
    }

    private ISmsGateway Webhook(string timeout = "00:00:10") => Gateway(
        "Webhook",
        ("Sms:Webhook:Url", Stub.Url),
        ("Sms:Webhook:Secret", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
        ("Sms:Webhook:AllowPrivateNetworks", "true"),
        ("Sms:Webhook:Timeout", timeout));
}
