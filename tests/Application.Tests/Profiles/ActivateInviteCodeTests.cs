using Moq;
using PhoneAuth.Application.Profiles;
using PhoneAuth.Application.Tests.Harness;
using PhoneAuth.Domain;
using PhoneAuth.Domain.InviteCodes;
using PhoneAuth.Domain.Users;

namespace PhoneAuth.Application.Tests.Profiles;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public class ActivateInviteCodeTests
{
    private readonly Ports ports = new();
    private readonly User owner = Ports.NewUser("+79007654321", "K7M2QX");

    [Test]
    public async Task A_code_that_does_not_exist_is_counted_and_saved_before_it_is_answered()
    {
        var user = Signed(null);
        var kept = 0;
        var saving = ports.SavesSlowly(() => kept = user.InviteMisses.Count);
        var handling = Activate();
        Assert.That((handling.IsCompleted, kept), Is.EqualTo((false, 1)));
        saving.SetResult(true);
        Assert.That((await handling).Error, Is.EqualTo(InviteCodeErrors.NotFound));
    }

    [Test]
    public async Task Both_users_are_saved_before_the_profile_is_read()
    {
        var user = Signed(owner);
        (InviteCode? Activated, int Count) kept = default;
        var saving = ports.SavesSlowly(() => kept = (user.ActivatedInviteCode, owner.InvitedUsersCount));
        var handling = Activate();
        Assert.That((handling.IsCompleted, kept), Is.EqualTo((false, (owner.InviteCode, 1))));
        ports.Profiles.VerifyNoOtherCalls();
        saving.SetResult(true);
        Assert.That((await handling).Value!.ActivatedInviteCode, Is.EqualTo("K7M2QX"));
    }

    [Test]
    public async Task A_lost_race_begins_again_with_what_stands_then()
    {
        var first = Signed(owner);
        var second = Ports.NewUser();
        second.ActivateInviteCode(owner.InviteCode, owner, ports.Clock.Now);
        ports.Users.SetupSequence(users => users.LockWithOwnerAsync(first.Id, owner.InviteCode, It.IsAny<CancellationToken>()))
            .ReturnsAsync((first, owner)).ReturnsAsync((second, owner));
        ports.Saves(false, true);
        Assert.That((await Activate()).Error, Is.EqualTo(InviteCodeErrors.AlreadyActivated));
    }

    [Test]
    public async Task A_caller_who_is_gone_is_nobody()
    {
        ports.SignedIn();
        Assert.That((await Activate()).Error, Is.EqualTo(UserErrors.Unauthenticated));
        ports.Saved(0);
    }

    private User Signed(User? whose)
    {
        var user = ports.SignedIn();
        ports.Users.Setup(users => users.LockWithOwnerAsync(user.Id, owner.InviteCode, It.IsAny<CancellationToken>())).ReturnsAsync((user, whose));
        return user;
    }

    private Task<Result<ProfileResponse>> Activate() =>
        new ActivateInviteCodeHandler(ports.CurrentUser.Object, ports.Users.Object, ports.Profiles.Object, ports.UnitOfWork.Object, ports.Clock)
            .Handle(new ActivateInviteCodeCommand("k7m-2qx"), CancellationToken.None);
}
