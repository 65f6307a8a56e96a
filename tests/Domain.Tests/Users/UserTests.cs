using PhoneAuth.Domain.InviteCodes;
using PhoneAuth.Domain.PhoneNumbers;
using PhoneAuth.Domain.Users;

namespace PhoneAuth.Domain.Tests.Users;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public class UserTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 9, 30, 0, TimeSpan.Zero);
    private static readonly InviteCode Nobodys = Code("ZZZZZZ");

    private readonly User user = Register("+79001234567", "AAAAAA");
    private readonly User owner = Register("+79007654321", "BBBBBB");

    [Test]
    public void A_new_user_has_a_code_and_may_activate_one()
    {
        Assert.That(
            (user.InviteCode.Value, user.CreatedAt, user.CanActivateInviteCode, user.InvitedUsersCount, user.ActivatedInviteCode),
            Is.EqualTo(("AAAAAA", Now, true, 0, (InviteCode?)null)));
        Assert.That(user.Id.Version, Is.EqualTo(7));
    }

    [Test]
    public void Activating_remembers_the_code_and_counts_for_its_owner()
    {
        Assert.That(user.ActivateInviteCode(owner.InviteCode, owner, Now).IsSuccess, Is.True);
        Assert.That(
            (user.ActivatedInviteCode, user.ActivatedAt, user.InviterId, user.CanActivateInviteCode, owner.InvitedUsersCount),
            Is.EqualTo((Code("BBBBBB"), (DateTimeOffset?)Now, (Guid?)owner.Id, false, 1)));
    }

    [Test]
    public void Once_ever_is_the_first_rule()
    {
        user.ActivateInviteCode(owner.InviteCode, owner, Now);
        foreach (var code in new[] { owner.InviteCode, user.InviteCode, Nobodys })
        {
            Assert.That(Refusal(code, code == owner.InviteCode ? owner : null), Is.EqualTo("invite_code_already_activated"));
        }

        Assert.That(owner.InvitedUsersCount, Is.EqualTo(1));
    }

    [Test]
    public void A_number_that_activated_one_in_an_earlier_account_may_not_again()
    {
        var returned = User.Register(PhoneNumber.FromStorage("+79001234567"), Code("CCCCCC"), activationSpent: true, Now);
        Assert.That(returned.CanActivateInviteCode, Is.False);
        Assert.That(returned.ActivateInviteCode(owner.InviteCode, owner, Now).Error!.Code, Is.EqualTo("invite_code_already_activated"));
    }

    [Test]
    public void Too_many_misses_come_before_ones_own_code_and_a_right_one()
    {
        Miss(User.MaxInviteMisses);
        foreach (var (code, whose) in new[] { (user.InviteCode, (User?)null), (owner.InviteCode, owner), (Nobodys, null) })
        {
            var refused = user.ActivateInviteCode(code, whose, Now.AddHours(1)).Error!;
            Assert.That((refused.Code, refused.RetryAt), Is.EqualTo(("too_many_invite_attempts", Now.AddDays(1))));
        }

        Assert.That(user.ActivateInviteCode(owner.InviteCode, owner, Now.AddDays(1)).IsSuccess, Is.True);
    }

    [Test]
    public void Ones_own_code_is_refused_and_is_no_miss()
    {
        Assert.That(Refusal(user.InviteCode, user), Is.EqualTo("invite_code_own"));
        Assert.That(user.InviteMisses.Count, Is.Zero);
    }

    [Test]
    public void A_code_that_is_nobodys_is_not_found_and_counted()
    {
        Assert.That(Refusal(Nobodys, null), Is.EqualTo("invite_code_not_found"));
        Assert.That(user.InviteMisses.Count, Is.EqualTo(1));
    }

    [Test]
    public void A_code_that_its_owner_has_just_replaced_is_not_found()
    {
        var old = owner.InviteCode;
        owner.ReplaceInviteCode(Code("DDDDDD"));
        Assert.That(Refusal(old, owner), Is.EqualTo("invite_code_not_found"));
    }

    [Test]
    public void Replacing_ones_code_leaves_past_activations()
    {
        user.ActivateInviteCode(owner.InviteCode, owner, Now);
        owner.ReplaceInviteCode(Code("DDDDDD"));
        Assert.That((user.ActivatedInviteCode, owner.InvitedUsersCount), Is.EqualTo((Code("BBBBBB"), 1)));
    }

    [Test]
    public void Two_users_may_activate_each_others_codes()
    {
        Assert.That(user.ActivateInviteCode(owner.InviteCode, owner, Now).IsSuccess, Is.True);
        Assert.That(owner.ActivateInviteCode(user.InviteCode, user, Now).IsSuccess, Is.True);
    }

    [Test]
    public void Who_goes_is_forgotten_in_the_count()
    {
        user.ActivateInviteCode(owner.InviteCode, owner, Now);
        owner.ForgetInvited();
        Assert.That(owner.InvitedUsersCount, Is.Zero);
    }

    [Test]
    public void A_block_keeps_its_first_moment_until_it_is_lifted()
    {
        user.Block(Now);
        user.Block(Now.AddDays(1));
        Assert.That(user.BlockedAt, Is.EqualTo(Now));
        user.Unblock();
        Assert.That(user.BlockedAt, Is.Null);
    }

    private static User Register(string number, string code) => User.Register(PhoneNumber.FromStorage(number), Code(code), activationSpent: false, Now);

    private static InviteCode Code(string code) => InviteCode.FromStorage(code);

    private string Refusal(InviteCode code, User? whose) => user.ActivateInviteCode(code, whose, Now).Error!.Code;

    private void Miss(int times)
    {
        for (var miss = 0; miss < times; miss++)
        {
            Assert.That(Refusal(Nobodys, null), Is.EqualTo("invite_code_not_found"));
        }
    }
}
