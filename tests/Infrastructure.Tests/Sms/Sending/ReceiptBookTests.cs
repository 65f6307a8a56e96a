using PhoneAuth.Domain.VerificationCodes;
using PhoneAuth.Infrastructure.Sms;
using PhoneAuth.Infrastructure.Tests.Harness;
using PhoneAuth.Testing;

namespace PhoneAuth.Infrastructure.Tests.Sms.Sending;

[OnBothDatabases]
[Parallelizable(ParallelScope.Self)]
internal sealed class ReceiptBookTests(DatabaseKind kind)
{
    private readonly FakeGateway gateway = new("One") { Answer = (message, _) => Task.FromResult(SmsOutcome.Accepted("id-" + message.Id)) };
    private SendingService sending = null!;
    private Instance instance = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        sending = await SendingService.CreateAsync(kind);
        instance = await sending.StartAsync(gateway);
    }

    [OneTimeTearDown]
    public async Task StopAsync() => await sending.DisposeAsync();

    [TestCase(true, Delivery.Delivered)]
    [TestCase(false, Delivery.Failed)]
    public async Task A_receipt_says_what_became_of_the_text_and_counts_once(bool delivered, Delivery expected)
    {
        var message = await instance.SendAsync();
        await sending.UntilAsync(message.PhoneNumber, Delivery.Sent);
        var news = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => RecordAsync(message.Id, delivered)));
        Assert.That(news.Sum(), Is.EqualTo(1));
        Assert.That((await sending.RowAsync(message.PhoneNumber)).Delivery, Is.EqualTo(expected));
        Assert.That(await RecordAsync(message.Id, !delivered), Is.Zero);
        Assert.That((await sending.RowAsync(message.PhoneNumber)).Delivery, Is.EqualTo(expected));
    }

    [Test]
    public async Task A_receipt_may_be_faster_than_the_record_of_the_text()
    {
        var (message, queued) = await instance.RecordAsync();
        Assert.That(await RecordAsync(message.Id, delivered: true), Is.EqualTo(1));
        Assert.That((await sending.RowAsync(message.PhoneNumber)).Delivery, Is.EqualTo(Delivery.Queued));
        instance.Dispatcher.Send(message, queued);
        await sending.UntilAsync(message.PhoneNumber, Delivery.Delivered);
        Assert.That(await RecordAsync(message.Id, delivered: true), Is.Zero);
    }

    [Test]
    public async Task A_receipt_of_a_text_whose_code_was_replaced_leaves_the_newer_one_alone()
    {
        var first = await instance.SendAsync();
        await sending.UntilAsync(first.PhoneNumber, Delivery.Sent);
        await instance.SendAsync(first.PhoneNumber);
        await sending.UntilAsync(first.PhoneNumber, Delivery.Sent);
        Assert.That(await RecordAsync(first.Id, delivered: false), Is.EqualTo(1));
        Assert.That((await sending.RowAsync(first.PhoneNumber)).Delivery, Is.EqualTo(Delivery.Sent));
    }

    [Test]
    public async Task Gateways_have_ids_of_their_own()
    {
        var message = await instance.SendAsync();
        await sending.UntilAsync(message.PhoneNumber, Delivery.Sent);
        Assert.That(await instance.Receipts.RecordAsync("Other", [new SmsReceipt("id-" + message.Id, true)], default), Is.EqualTo(1));
        Assert.That((await sending.RowAsync(message.PhoneNumber)).Delivery, Is.EqualTo(Delivery.Sent));
    }

    [Test]
    public async Task Many_receipts_may_come_at_once_and_what_is_no_id_is_left_out()
    {
        var messages = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => instance.SendAsync(Store.NewNumber())));
        foreach (var message in messages)
        {
            await sending.UntilAsync(message.PhoneNumber, Delivery.Sent);
        }

        var receipts = messages.Select((message, i) => new SmsReceipt("id-" + message.Id, i % 2 == 0)).ToList();
        receipts.AddRange([receipts[0], new SmsReceipt(new string('x', 129), true), new SmsReceipt("id-\0", true), new SmsReceipt("", true)]);
        Assert.That(await instance.Receipts.RecordAsync("One", receipts, default), Is.EqualTo(20));
        Assert.That((await sending.RowAsync(messages[0].PhoneNumber)).Delivery, Is.EqualTo(Delivery.Delivered));
        Assert.That((await sending.RowAsync(messages[1].PhoneNumber)).Delivery, Is.EqualTo(Delivery.Failed));
    }

    private Task<int> RecordAsync(Guid id, bool delivered) => instance.Receipts.RecordAsync("One", [new SmsReceipt("id-" + id, delivered)], default);
}
