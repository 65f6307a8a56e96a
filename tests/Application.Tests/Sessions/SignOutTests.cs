using Moq;
using PhoneAuth.Application.Sessions;
using PhoneAuth.Application.Tests.Harness;
using PhoneAuth.Domain.Sessions;
using PhoneAuth.Domain.Users;

namespace PhoneAuth.Application.Tests.Sessions;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public class SignOutTests
{
    private readonly Ports ports = new();
    private readonly User user;
    private readonly Session own;
    private readonly Session anothers;

    public SignOutTests()
    {
        user = ports.SignedIn();
        own = Open(user.Id);
        anothers = Open(Guid.CreateVersion7());
        ports.CurrentUser.SetupGet(current => current.SessionId).Returns(own.Id);
        foreach (var session in new[] { own, anothers })
        {
            ports.Sessions.Setup(sessions => sessions.LockAsync(session.Id, It.IsAny<CancellationToken>())).ReturnsAsync(session);
        }
    }

    private SignOutHandler Handler => new(ports.CurrentUser.Object, ports.Sessions.Object, ports.UnitOfWork.Object);

    [Test]
    public async Task Signing_out_ends_this_session()
    {
        Assert.That((await Handler.Handle(new SignOutCommand(), CancellationToken.None)).IsSuccess, Is.True);
        Removed(own);
    }

    [Test]
    public async Task Signing_out_of_a_session_that_has_just_ended_is_done_too()
    {
        ports.Sessions.Setup(sessions => sessions.LockAsync(own.Id, It.IsAny<CancellationToken>())).ReturnsAsync((Session?)null);
        Assert.That((await Handler.Handle(new SignOutCommand(), CancellationToken.None)).IsSuccess, Is.True);
        ports.Saved(0);
    }

    [Test]
    public async Task One_of_ones_own_can_be_ended()
    {
        Assert.That((await Handler.Handle(new EndSessionCommand(own.Id.ToString()), CancellationToken.None)).IsSuccess, Is.True);
        Removed(own);
    }

    [Test]
    public async Task Anybody_elses_is_not_found_and_stays()
    {
        Assert.That((await Handler.Handle(new EndSessionCommand(anothers.Id.ToString()), CancellationToken.None)).Error, Is.EqualTo(SessionErrors.NotFound));
        ports.Sessions.Verify(sessions => sessions.Remove(It.IsAny<Session>()), Times.Never);
        ports.Saved(0);
    }

    [TestCase("")]
    [TestCase("1")]
    [TestCase("{019aaad4-8d40-7c1e-9d0a-3f5f8a1b2c3d}")]
    public async Task What_is_no_id_is_not_found(string id) =>
        Assert.That((await Handler.Handle(new EndSessionCommand(id), CancellationToken.None)).Error, Is.EqualTo(SessionErrors.NotFound));

    [Test]
    public async Task All_others_end_in_one_save()
    {
        Assert.That((await Handler.Handle(new EndOtherSessionsCommand(), CancellationToken.None)).IsSuccess, Is.True);
        ports.Sessions.Verify(sessions => sessions.EndAllAsync(user.Id, own.Id, It.IsAny<CancellationToken>()), Times.Once);
        ports.Saved(1);
    }

    [Test]
    public async Task A_lost_race_begins_again()
    {
        ports.Saves(false, true);
        Assert.That((await Handler.Handle(new EndSessionCommand(own.Id.ToString()), CancellationToken.None)).IsSuccess, Is.True);
        ports.Sessions.Verify(sessions => sessions.LockAsync(own.Id, It.IsAny<CancellationToken>()), Times.Exactly(2));
    }

    private Session Open(Guid userId) =>
        Session.Open(Guid.CreateVersion7(), userId, [1], new Device(null, null, null), ports.Clock.Now, ports.Tokens);

    private void Removed(Session session)
    {
        ports.Sessions.Verify(sessions => sessions.Remove(session), Times.Once);
        ports.Saved(1);
    }
}
