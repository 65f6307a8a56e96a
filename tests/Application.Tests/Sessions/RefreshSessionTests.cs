using Moq;
using PhoneAuth.Application.Abstractions;
using PhoneAuth.Application.Sessions;
using PhoneAuth.Application.Tests.Harness;
using PhoneAuth.Domain;
using PhoneAuth.Domain.Sessions;
using PhoneAuth.Domain.Users;

namespace PhoneAuth.Application.Tests.Sessions;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public class RefreshSessionTests
{
    private readonly Ports ports = new();
    private readonly Guid sessionId = Guid.CreateVersion7();
    private readonly User user = Ports.NewUser();
    private Session session;

    public RefreshSessionTests()
    {
        session = Opened();
        Finds(() => true);
        ports.RefreshTokens.Setup(tokens => tokens.Read("first")).Returns(Presented("first", "second"));
        ports.RefreshTokens.Setup(tokens => tokens.Read("second")).Returns(Presented("second", "third"));
    }

    [Test]
    public async Task The_successor_is_saved_before_it_is_answered()
    {
        byte[]? kept = null;
        var saving = ports.SavesSlowly(() => kept = session.TokenHash);
        var handling = Refresh("first");
        Assert.That((handling.IsCompleted, kept), Is.EqualTo((false, Hash("second"))));
        saving.SetResult(true);
        Assert.That((await handling).Value, Is.EqualTo(new TokenResponse("Bearer", "access", 600, "second", session.ExpiresAt)));
    }

    [Test]
    public async Task The_one_before_gives_the_same_successor_within_its_grace_and_nothing_changes()
    {
        await Refresh("first");
        var (rotated, until) = (session.LastUsedAt, session.ExpiresAt);
        ports.Clock.Advance(TimeSpan.FromSeconds(5));
        ports.Saves(true);
        Assert.That((await Refresh("first")).Value!.RefreshToken, Is.EqualTo("second"));
        Assert.That((session.TokenHash, session.LastUsedAt, session.ExpiresAt), Is.EqualTo((Hash("second"), rotated, until)));
        ports.Sessions.Verify(sessions => sessions.Remove(It.IsAny<Session>()), Times.Never);
    }

    [Test]
    public async Task One_that_was_used_long_ago_ends_the_session_before_it_is_answered()
    {
        await Refresh("first");
        ports.Clock.Advance(TimeSpan.FromMinutes(1));
        var saving = ports.SavesSlowly(() => ports.Sessions.Verify(sessions => sessions.Remove(session), Times.Once));
        var handling = Refresh("first");
        Assert.That(handling.IsCompleted, Is.False);
        saving.SetResult(true);
        Assert.That((await handling).Error, Is.EqualTo(SessionErrors.RefreshTokenInvalid));
    }

    [Test]
    public async Task A_token_that_is_used_again_is_told_and_none_that_is_used_in_time_or_has_expired()
    {
        using var told = new Measurements(ports.Telemetry);
        ports.Saves(true, true, true, true);
        await Refresh("first");
        await Refresh("first");
        Assert.That(told.Seen, Is.Empty);
        ports.Clock.Advance(TimeSpan.FromMinutes(1));
        await Refresh("first");
        Assert.That(told.Seen, Is.EqualTo(new[] { "sessions.reused 1" }));
        ports.Clock.Advance(session.ExpiresAt - ports.Clock.Now);
        await Refresh("second");
        Assert.That(told.Seen, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Who_is_blocked_loses_the_session()
    {
        user.Block(ports.Clock.Now);
        Assert.That((await Refresh("first")).Error, Is.EqualTo(SessionErrors.RefreshTokenInvalid));
        ports.Sessions.Verify(sessions => sessions.Remove(session), Times.Once);
        ports.Saved(1);
    }

    [Test]
    public async Task A_token_that_was_never_given_out_is_looked_up_nowhere()
    {
        Assert.That((await Refresh("forged")).Error, Is.EqualTo(SessionErrors.RefreshTokenInvalid));
        ports.Sessions.VerifyNoOtherCalls();
    }

    [Test]
    public async Task A_session_that_has_ended_is_not_refreshed()
    {
        Finds(() => false);
        Assert.That((await Refresh("first")).Error, Is.EqualTo(SessionErrors.RefreshTokenInvalid));
        ports.AccessTokens.VerifyNoOtherCalls();
    }

    [Test]
    public async Task A_lost_race_begins_again()
    {
        var read = 0;
        Finds(() =>
        {
            read++;
            session = Opened();
            return true;
        });
        ports.Saves(false, true);
        Assert.That((await Refresh("first")).Value!.RefreshToken, Is.EqualTo("second"));
        Assert.That(read, Is.EqualTo(2));
    }

    [TestCase(null, false)]
    [TestCase("", false)]
    [TestCase("x", true)]
    public void An_empty_token_is_none(string? token, bool isGood) =>
        Assert.That(new RefreshSessionValidator().Validate(new RefreshSessionCommand(token)).IsValid, Is.EqualTo(isGood));

    [TestCase(512, true)]
    [TestCase(513, false)]
    public void Nor_is_one_that_is_too_long(int length, bool isGood) => An_empty_token_is_none(new string('x', length), isGood);

    private Session Opened() => Session.Open(sessionId, user.Id, Hash("first"), new Device(null, null, null), ports.Clock.Now, ports.Tokens);

    private void Finds(Func<bool> read) => ports.Sessions
        .Setup(sessions => sessions.HoldWithUser(sessionId))
        .Returns(new Ports.Rows<SessionWithUser>(() => read() ? new SessionWithUser(session, user) : null));

    private static byte[] Hash(string token) => Ports.Hash(HashPurpose.RefreshToken, token);

    private PresentedRefreshToken Presented(string token, string successor) =>
        new(sessionId, [Hash(token)], [new RefreshToken(successor, Hash(successor))]);

    private Task<Result<TokenResponse>> Refresh(string token) =>
        new RefreshSessionHandler(ports.Sessions.Object, ports.RefreshTokens.Object, ports.AccessTokens.Object, ports.UnitOfWork.Object, ports.Tokens, ports.Telemetry, ports.Clock)
            .Handle(new RefreshSessionCommand(token), CancellationToken.None);
}
