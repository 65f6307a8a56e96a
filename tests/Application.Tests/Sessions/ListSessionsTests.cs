using Moq;
using PhoneAuth.Application.Sessions;
using PhoneAuth.Application.Tests.Harness;

namespace PhoneAuth.Application.Tests.Sessions;

public class ListSessionsTests
{
    [Test]
    public async Task The_session_that_asks_is_marked_and_no_other()
    {
        var ports = new Ports();
        var user = ports.SignedIn();
        var (own, other) = (Session(), Session());
        ports.CurrentUser.SetupGet(current => current.SessionId).Returns(own.Id);
        var reader = new Mock<ISessionReader>();
        reader.Setup(sessions => sessions.ListAsync(user.Id, ports.Clock.Now, default)).ReturnsAsync([other, own]);
        var listed = await new ListSessionsHandler(ports.CurrentUser.Object, reader.Object, ports.Clock).Handle(new ListSessionsQuery(), default);
        Assert.That(listed.Value!.Select(session => (session.Id, session.IsCurrent)), Is.EqualTo(new[] { (other.Id, false), (own.Id, true) }));
    }

    private static SessionResponse Session() => new()
    {
        Id = Guid.NewGuid(),
        IsCurrent = false,
        DeviceName = null,
        UserAgent = null,
        IpAddress = null,
        CreatedAt = default,
        LastUsedAt = default,
        ExpiresAt = default,
    };
}
