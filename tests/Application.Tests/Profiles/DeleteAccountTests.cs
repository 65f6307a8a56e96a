using Moq;
using PhoneAuth.Application.Abstractions;
using PhoneAuth.Application.Profiles;
using PhoneAuth.Application.Tests.Harness;
using PhoneAuth.Domain;
using PhoneAuth.Domain.Users;

namespace PhoneAuth.Application.Tests.Profiles;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public class DeleteAccountTests
{
    private readonly Ports ports = new();
    private readonly User inviter = Ports.NewUser("+79007654321", "K7M2QX");

    [Test]
    public async Task The_live_code_goes_and_the_inviters_count_is_less_and_one_hash_stays()
    {
        var row = ports.LiveCode("0427");
        var user = Held(inviter);
        user.ActivateInviteCode(inviter.InviteCode, inviter, ports.Clock.Now);
        Assert.That((await Delete()).IsSuccess, Is.True);
        Assert.That((row().CodeHash, inviter.InvitedUsersCount), Is.EqualTo(((byte[]?)null, 0)));
        ports.Users.Verify(users => users.Add(It.Is<SpentActivation>(spent => spent.PhoneHash.SequenceEqual(Ports.Hash(HashPurpose.SpentActivation, Ports.Text)))), Times.Once);
        ports.Users.Verify(users => users.Remove(user), Times.Once);
        ports.Saved(1);
    }

    [Test]
    public async Task Who_never_activated_a_code_leaves_nothing()
    {
        Held(null);
        await Delete();
        ports.Users.Verify(users => users.Add(It.IsAny<SpentActivation>()), Times.Never);
    }

    [Test]
    public async Task A_hash_that_is_there_already_is_not_written_twice()
    {
        var user = User.Register(Ports.Number, Domain.InviteCodes.InviteCode.FromStorage("AAAAAA"), activationSpent: true, ports.Clock.Now);
        Held(null, user);
        ports.Users.Setup(users => users.HasSpentActivationAsync(It.IsAny<IReadOnlyCollection<byte[]>>(), It.IsAny<CancellationToken>())).ReturnsAsync(true);
        await Delete();
        ports.Users.Verify(users => users.Add(It.IsAny<SpentActivation>()), Times.Never);
    }

    [Test]
    public async Task The_number_is_held_before_the_user_as_sign_in_does()
    {
        var order = new List<string>();
        var user = ports.SignedIn();
        ports.Codes.Setup(codes => codes.LockAsync(Ports.Number, It.IsAny<CancellationToken>())).Callback(() => order.Add("number"));
        ports.Users.Setup(users => users.LockWithInviterAsync(user.Id, It.IsAny<CancellationToken>())).Callback(() => order.Add("user"))
            .ReturnsAsync((user, (User?)null));
        await Delete();
        Assert.That(order, Is.EqualTo(new[] { "number", "user" }));
    }

    [Test]
    public async Task A_lost_race_begins_again_and_a_user_who_is_gone_by_then_is_nobody()
    {
        var user = ports.SignedIn();
        ports.Users.SetupSequence(users => users.LockWithInviterAsync(user.Id, It.IsAny<CancellationToken>()))
            .ReturnsAsync((user, (User?)null)).ReturnsAsync(((User?)null, (User?)null));
        ports.Saves(false);
        Assert.That((await Delete()).Error, Is.EqualTo(UserErrors.Unauthenticated));
    }

    private User Held(User? whoInvited, User? who = null)
    {
        var user = ports.SignedIn(who);
        ports.Users.Setup(users => users.LockWithInviterAsync(user.Id, It.IsAny<CancellationToken>())).ReturnsAsync((user, whoInvited));
        return user;
    }

    private Task<Result> Delete() =>
        new DeleteAccountHandler(ports.CurrentUser.Object, ports.Codes.Object, ports.Users.Object, ports.Hasher.Object, ports.UnitOfWork.Object, ports.Clock)
            .Handle(new DeleteAccountCommand(), CancellationToken.None);
}
