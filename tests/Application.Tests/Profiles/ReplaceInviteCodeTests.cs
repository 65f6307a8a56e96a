using Moq;
using PhoneAuth.Application.Profiles;
using PhoneAuth.Application.Tests.Harness;
using PhoneAuth.Domain;
using PhoneAuth.Domain.InviteCodes;
using PhoneAuth.Domain.Users;

namespace PhoneAuth.Application.Tests.Profiles;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public class ReplaceInviteCodeTests
{
    private readonly Ports ports = new();

    [Test]
    public async Task A_code_that_is_taken_is_drawn_again()
    {
        var user = ports.SignedIn();
        ports.Users.Setup(users => users.LockAsync(user.Id, It.IsAny<CancellationToken>())).ReturnsAsync(user);
        ports.Random.SetupSequence(random => random.InviteCode()).Returns(InviteCode.FromStorage("BBBBBB")).Returns(InviteCode.FromStorage("CCCCCC"));
        ports.Saves(false, true);
        Assert.That((await Replace()).Value!.InviteCode, Is.EqualTo("CCCCCC"));
    }

    [Test]
    public async Task A_caller_who_is_gone_is_nobody()
    {
        ports.SignedIn();
        Assert.That((await Replace()).Error, Is.EqualTo(UserErrors.Unauthenticated));
        ports.Saved(0);
    }

    private Task<Result<ProfileResponse>> Replace() =>
        new ReplaceInviteCodeHandler(ports.CurrentUser.Object, ports.Users.Object, ports.Random.Object, ports.Profiles.Object, ports.UnitOfWork.Object)
            .Handle(new ReplaceInviteCodeCommand(), CancellationToken.None);
}
