using System.Text.Json;
using PhoneAuth.Infrastructure.Sms;

namespace PhoneAuth.Infrastructure.Tests.Sms.Gateways;

/// <summary>The gateways that need no network.</summary>
internal sealed class OfflineGatewayTests : GatewayTest
{
    private string folder = null!;

    private string FilePath => Path.Combine(folder, "deeper", "texts.jsonl");

    [SetUp]
    public void ChooseFolder() => folder = Path.Combine(Path.GetTempPath(), "phoneauth-texts-" + Guid.NewGuid().ToString("N"));

    [TearDown]
    public void DeleteFolder()
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Test]
    public async Task A_file_gets_a_line_of_JSON_for_each_text()
    {
        var outcome = await File().SendAsync(Message, default);
        Assert.That(outcome, Is.EqualTo(SmsOutcome.Accepted(Id.ToString())));
        using var json = JsonDocument.Parse((await System.IO.File.ReadAllLinesAsync(FilePath)).Single());
        Assert.That(json.RootElement.EnumerateObject().Select(member => (member.Name, member.Value.GetString())), Is.EqualTo(new[]
        {
            ("id", Id.ToString()), ("phoneNumber", "+79001234567"), ("text", Message.Text), ("code", "0427"), ("locale", "ru"),
            ("expiresAt", "2026-11-22T09:35:00Z"), ("sentAt", "2026-11-22T09:30:00Z"),
        }));
    }

    [Test]
    public async Task Several_services_may_write_to_one_file_at_once()
    {
        var gateways = Enumerable.Range(0, 3).Select(_ => File()).ToList();
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 60).Select(text => Task.Run(() => gateways[text % 3].SendAsync(Message with { Id = Guid.NewGuid() }, default))));
        Assert.That(outcomes.Select(outcome => outcome.Result), Is.All.EqualTo(SmsResult.Accepted));
        var lines = await System.IO.File.ReadAllLinesAsync(FilePath);
        Assert.That(lines.Select(line => JsonDocument.Parse(line).RootElement.GetProperty("id").GetString()), Is.EquivalentTo(outcomes.Select(outcome => outcome.GatewayMessageId)));
    }

    [Test]
    public async Task It_waits_for_whoever_else_is_writing()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(FilePath)!);
        Task<SmsOutcome> sending;
        await using (var other = new FileStream(FilePath, FileMode.Append, FileAccess.Write, FileShare.ReadWrite))
        {
            sending = File().SendAsync(Message, default);
            await other.WriteAsync("{}\n"u8.ToArray());
        }

        Assert.That((await sending).Result, Is.EqualTo(SmsResult.Accepted));
        var lines = await System.IO.File.ReadAllLinesAsync(FilePath);
        Assert.That((lines.Length, lines[0]), Is.EqualTo((2, "{}")));
        Assert.That(lines[1], Does.StartWith("{\"id\"").And.EndsWith("}"));
    }

    [Test]
    public async Task A_file_that_cannot_be_written_is_tried_later()
    {
        Directory.CreateDirectory(FilePath);
        Assert.That((await File().SendAsync(Message, default)).Result, Is.EqualTo(SmsResult.TryLater));
    }

    [TestCase("0", SmsResult.Accepted)]
    [TestCase("1", SmsResult.TryLater)]
    public async Task The_simulated_gateway_fails_as_often_as_it_is_told_to(string rate, SmsResult result)
    {
        var gateway = Gateway("Simulated", ("Sms:Simulated:Delay", "00:00:00"), ("Sms:Simulated:FailureRate", rate));
        for (var sent = 0; sent < 20; sent++)
        {
            Assert.That((await gateway.SendAsync(Message, default)).Result, Is.EqualTo(result));
        }
    }

    [TestCase("1.01")]
    [TestCase("-0.1")]
    public void A_rate_is_a_part_of_one(string rate) => Assert.That(WhyNot("Simulated", ("Sms:Simulated:FailureRate", rate)), Does.Contain("Sms:Simulated:FailureRate"));

    private ISmsGateway File() => Gateway("File", ("Sms:File:Path", FilePath));
}
