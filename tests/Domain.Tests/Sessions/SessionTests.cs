using PhoneAuth.Domain.Sessions;

namespace PhoneAuth.Domain.Tests.Sessions;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public class SessionTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 22, 9, 30, 0, TimeSpan.Zero);
    private static readonly SessionPolicy Policy = new();
    private static readonly (byte[] First, byte[] Second, byte[] Third, byte[] Stranger) Tokens = (Hash(1), Hash(2), Hash(3), Hash(9));

    private readonly Session session =
        Session.Open(Guid.CreateVersion7(Start), Guid.CreateVersion7(Start), Tokens.First, new Device("Pixel 9", "agent", "203.0.113.7"), Start, Policy);

    [Test]
    public void It_keeps_what_signed_in() => Assert.That(
        (session.DeviceName, session.UserAgent, session.IpAddress, session.CreatedAt, session.LastUsedAt, session.ExpiresAt),
        Is.EqualTo(("Pixel 9", "agent", "203.0.113.7", Start, Start, Start.AddDays(30))));

    [Test]
    public void A_token_rotates()
    {
        Assert.That(Use(Tokens.First, Tokens.Second, Start.AddMinutes(10)), Is.EqualTo(Rotation.Rotated));
        Assert.That((session.TokenHash, session.PreviousTokenHash), Is.EqualTo((Tokens.Second, Tokens.First)));
        Assert.That((session.LastUsedAt, session.ExpiresAt), Is.EqualTo((Start.AddMinutes(10), Start.AddMinutes(10).AddDays(30))));
    }

    [Test]
    public void A_token_hashed_with_an_older_key_is_known() =>
        Assert.That(session.Refresh([Tokens.Stranger, Tokens.First], Tokens.Second, Start, Policy), Is.EqualTo(Rotation.Rotated));

    [Test]
    public void The_last_one_repeats_within_its_grace_and_changes_nothing()
    {
        Use(Tokens.First, Tokens.Second, Start);
        Assert.That(Use(Tokens.First, Tokens.Second, Start + Policy.ReuseGrace), Is.EqualTo(Rotation.Repeated));
        Assert.That((session.TokenHash, session.LastUsedAt), Is.EqualTo((Tokens.Second, Start)));
    }

    [Test]
    public void Used_after_its_grace_it_ends_the_session()
    {
        Use(Tokens.First, Tokens.Second, Start);
        Assert.That(Use(Tokens.First, Tokens.Second, Start + Policy.ReuseGrace + TimeSpan.FromTicks(1)), Is.EqualTo(Rotation.Ended));
    }

    [Test]
    public void Used_once_its_successor_was_used_it_ends_the_session()
    {
        Use(Tokens.First, Tokens.Second, Start);
        Use(Tokens.Second, Tokens.Third, Start.AddSeconds(1));
        Assert.That(Use(Tokens.First, Tokens.Second, Start.AddSeconds(2)), Is.EqualTo(Rotation.Ended));
    }

    [Test]
    public void A_token_that_it_never_had_ends_it() => Assert.That(Use(Tokens.Stranger, Tokens.Second, Start), Is.EqualTo(Rotation.Ended));

    [Test]
    public void It_ends_when_it_is_idle_too_long()
    {
        Assert.That(Use(Tokens.First, Tokens.Second, Start.AddDays(30) - TimeSpan.FromTicks(1)), Is.EqualTo(Rotation.Rotated));
        Assert.That(Use(Tokens.Second, Tokens.Third, Start.AddDays(60)), Is.EqualTo(Rotation.Ended));
    }

    [Test]
    public void It_ends_in_any_case_so_long_after_its_sign_in()
    {
        byte token = 1;
        for (var day = 20; day < 90; day += 20)
        {
            Assert.That(Use(Hash(token), Hash(++token), Start.AddDays(day)), Is.EqualTo(Rotation.Rotated));
        }

        Assert.That(session.ExpiresAt, Is.EqualTo(Start.AddDays(90)));
        Assert.That(Use(Hash(token), Hash(++token), Start.AddDays(90)), Is.EqualTo(Rotation.Ended));
    }

    private static byte[] Hash(byte value) => [.. Enumerable.Repeat(value, 32)];

    private Rotation Use(byte[] token, byte[] successor, DateTimeOffset now) => session.Refresh([token], successor, now, Policy);
}
