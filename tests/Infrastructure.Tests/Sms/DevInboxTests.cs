using PhoneAuth.Infrastructure.Sms;

namespace PhoneAuth.Infrastructure.Tests.Sms;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public class DevInboxTests
{
    private readonly DevInbox inbox = new(capacity: 5);

    [Test]
    public void A_numbers_messages_are_its_own_newest_first()
    {
        Add("+1", "a");
        Add("+2", "b");
        Add("+1", "c");
        Assert.That(Codes("+1"), Is.EqualTo(new[] { "c", "a" }));
        Assert.That(Codes(null), Is.EqualTo(new[] { "c", "b", "a" }));
        Assert.That(Codes("+3"), Is.Empty);
    }

    [Test]
    public void It_is_bounded_and_the_oldest_go_wherever_they_are_looked_for()
    {
        Add("+1", "first");
        foreach (var code in new[] { "a", "b", "c", "d", "e" })
        {
            Add("+2", code);
        }

        Assert.That(Codes("+1"), Is.Empty);
        Add("+1", "f");
        Assert.That(Codes("+2"), Is.EqualTo(new[] { "e", "d", "c", "b" }));
        Assert.That(Codes(null), Is.EqualTo(new[] { "f", "e", "d", "c", "b" }));
    }

    [Test]
    public void One_reading_gives_a_hundred_at_most()
    {
        var large = new DevInbox();
        for (var i = 0; i < 150; i++)
        {
            large.Add(new InboxMessage("+1", "", i.ToString(System.Globalization.CultureInfo.InvariantCulture), default));
        }

        Assert.That(large.Read("+1"), Has.Count.EqualTo(100));
        Assert.That((large.Read("+1")[0].Code, large.Read("+1")[^1].Code), Is.EqualTo(("149", "50")));
        Assert.That(large.Read(null), Has.Count.EqualTo(100));
    }

    private void Add(string number, string code) => inbox.Add(new InboxMessage(number, "", code, default));

    private IEnumerable<string> Codes(string? number) => inbox.Read(number).Select(message => message.Code);
}
