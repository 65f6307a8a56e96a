using Microsoft.EntityFrameworkCore;
using PhoneAuth.Application.Profiles;
using PhoneAuth.Application.Sessions;
using PhoneAuth.Domain.Addresses;
using PhoneAuth.Domain.Sessions;
using PhoneAuth.Domain.Users;
using PhoneAuth.Domain.VerificationCodes;
using PhoneAuth.Infrastructure.Persistence;
using PhoneAuth.Infrastructure.Tests.Harness;
using PhoneAuth.Testing;

namespace PhoneAuth.Infrastructure.Tests.Persistence;

[OnBothDatabases]
internal sealed class RepositoryTests(DatabaseKind kind) : StoreTest(kind)
{
    [Test]
    public async Task A_verification_row_comes_back_as_it_was()
    {
        var row = await Store.KeepCodeAsync([.. Enumerable.Range(0, 32).Select(value => (byte)value)]);
        row.Guess([new byte[32]], Store.Clock.Now.AddSeconds(1), new VerificationPolicy());
        await using (var database = Store.Database.Open())
        {
            database.Update(row);
            await database.SaveChangesAsync();
        }

        await using var work = Store.Begin();
        var read = (await work.Codes.FindAsync(row.PhoneNumber, default))!;
        Assert.That(
            (read.CodeHash, read.IssuedAt, read.ExpiresAt, read.Guesses, read.ConsecutiveFailures, read.UpdatedAt, read.LockedUntil),
            Is.EqualTo((row.CodeHash, row.IssuedAt, row.ExpiresAt, 1, 1, row.UpdatedAt, (DateTimeOffset?)null)));
        Assert.That((read.Sends.Last, read.Failures.Last), Is.EqualTo((row.Sends.Last, row.Failures.Last)));
    }

    [Test]
    public async Task A_user_comes_back_as_it_was_found_by_number_and_by_id()
    {
        var (user, owner) = (Store.NewUser(), Store.NewUser());
        user.ActivateInviteCode(owner.InviteCode, owner, Store.Clock.Now);
        await Store.KeepAsync(user, owner);
        await using var work = Store.Begin();
        var read = (await work.Users.FindAsync(user.PhoneNumber, default))!;
        Assert.That(
            (read.Id, read.InviteCode, read.ActivatedInviteCode, read.ActivatedAt, read.InviterId, read.CreatedAt),
            Is.EqualTo((user.Id, user.InviteCode, (Domain.InviteCodes.InviteCode?)owner.InviteCode, user.ActivatedAt, (Guid?)owner.Id, user.CreatedAt)));
        Assert.That((await work.Users.LockAsync(user.Id, default))!.PhoneNumber, Is.EqualTo(user.PhoneNumber));
    }

    [Test]
    public async Task A_user_and_the_owner_of_a_code_are_told_apart()
    {
        var (user, owner) = (Store.NewUser(), Store.NewUser());
        await Store.KeepAsync(user, owner);
        await using var work = Store.Begin();
        Assert.That(Ids(await work.Users.LockWithOwnerAsync(user.Id, owner.InviteCode, default)), Is.EqualTo((user.Id, owner.Id)));
        Assert.That(Ids(await work.Users.LockWithOwnerAsync(user.Id, user.InviteCode, default)), Is.EqualTo((user.Id, user.Id)));
        Assert.That(Ids(await work.Users.LockWithOwnerAsync(user.Id, Store.NewUser().InviteCode, default)), Is.EqualTo((user.Id, (Guid?)null)));
        Assert.That(Ids(await work.Users.LockWithOwnerAsync(Guid.NewGuid(), owner.InviteCode, default)), Is.EqualTo(((Guid?)null, owner.Id)));
    }

    [Test]
    public async Task A_user_and_their_inviter_are_told_apart()
    {
        var (user, owner) = (Store.NewUser(), Store.NewUser());
        user.ActivateInviteCode(owner.InviteCode, owner, Store.Clock.Now);
        await Store.KeepAsync(user, owner);
        await using var work = Store.Begin();
        Assert.That(Ids(await work.Users.LockWithInviterAsync(user.Id, default)), Is.EqualTo((user.Id, owner.Id)));
        Assert.That(Ids(await work.Users.LockWithInviterAsync(owner.Id, default)), Is.EqualTo((owner.Id, (Guid?)null)));
        Assert.That(Ids(await work.Users.LockWithInviterAsync(Guid.NewGuid(), default)), Is.EqualTo(((Guid?)null, (Guid?)null)));
    }

    [Test]
    public async Task A_spent_activation_is_found_by_any_key_that_may_have_made_it()
    {
        var hash = Guid.NewGuid().ToByteArray().Concat(new byte[16]).ToArray();
        await Store.KeepAsync(new SpentActivation(hash));
        await using var work = Store.Begin();
        Assert.That(await work.Users.HasSpentActivationAsync([new byte[32], hash], default), Is.True);
        Assert.That(await work.Users.HasSpentActivationAsync([new byte[32]], default), Is.False);
    }

    [Test]
    public async Task Removing_a_user_takes_the_sessions_along()
    {
        var user = Store.NewUser();
        await Store.KeepAsync(user, Store.NewSession(user), Store.NewSession(user));
        await using (var work = Store.Begin())
        {
            work.Users.Remove((await work.Users.LockAsync(user.Id, default))!);
            Assert.That(await work.SaveAsync(), Is.True);
        }

        await using var database = Store.Database.Open();
        Assert.That(await database.Sessions.CountAsync(session => session.UserId == user.Id), Is.Zero);
    }

    [Test]
    public async Task Ending_all_sessions_but_one_leaves_that_one_and_other_peoples()
    {
        var (user, other) = (Store.NewUser(), Store.NewUser());
        Domain.Sessions.Session[] sessions = [Store.NewSession(user), Store.NewSession(user), Store.NewSession(user), Store.NewSession(other)];
        await Store.KeepAsync([user, other, .. sessions]);
        await using (var work = Store.Begin())
        {
            await work.Sessions.EndAllAsync(user.Id, sessions[1].Id, default);
            Assert.That(await work.SaveAsync(), Is.True);
        }

        await using var database = Store.Database.Open();
        var left = await database.Sessions.Where(session => session.UserId == user.Id || session.UserId == other.Id).Select(session => session.Id).ToListAsync();
        Assert.That(left, Is.EquivalentTo(new[] { sessions[1].Id, sessions[3].Id }));
    }

    [Test]
    public async Task A_session_is_held_with_its_user()
    {
        var user = Store.NewUser();
        var session = Store.NewSession(user);
        await Store.KeepAsync(user, session);
        await using var work = Store.Begin();
        (Guid, Guid, string?) found = default;
        Assert.That(await work.SaveAsync(work.Sessions.HoldWithUser(session.Id), held => found = (held.Session.Id, held.User.Id, held.Session.DeviceName)), Is.True);
        Assert.That(found, Is.EqualTo((session.Id, user.Id, "Pixel 9")));
        Assert.That(await work.SaveAsync(work.Sessions.HoldWithUser(Guid.NewGuid()), _ => Assert.Fail()), Is.False);
        Assert.That((await work.Sessions.LockAsync(session.Id, default))!.UserId, Is.EqualTo(user.Id));
    }

    [Test]
    public async Task A_session_is_live_until_it_expires_for_its_own_user_while_they_are_not_blocked()
    {
        var (user, blocked) = (Store.NewUser(), Store.NewUser());
        blocked.Block(Store.Clock.Now);
        var (session, dead) = (Store.NewSession(user), Store.NewSession(blocked));
        await Store.KeepAsync(user, blocked, session, dead);
        await using var work = Store.Begin();
        var reader = work.Get<ISessionReader>();
        Assert.That(await reader.IsLiveAsync(session.Id, user.Id, Store.Clock.Now), Is.True);
        Assert.That(await reader.IsLiveAsync(session.Id, user.Id, session.ExpiresAt), Is.False, "expired");
        Assert.That(await reader.IsLiveAsync(session.Id, blocked.Id, Store.Clock.Now), Is.False, "somebody else's");
        Assert.That(await reader.IsLiveAsync(dead.Id, blocked.Id, Store.Clock.Now), Is.False, "blocked");
        Assert.That(await reader.ListAsync(user.Id, session.ExpiresAt, default), Is.Empty);
        Assert.That((await reader.ListAsync(user.Id, Store.Clock.Now, default)).Single().Id, Is.EqualTo(session.Id));
    }

    [Test]
    public async Task Sessions_that_are_asked_for_together_are_each_their_own_users()
    {
        User[] users = [.. Enumerable.Range(0, 40).Select(_ => Store.NewUser())];
        Session[] sessions = [.. users.Select(Store.NewSession)];
        users[7].Block(Store.Clock.Now);
        await Store.KeepAsync([.. users, .. sessions]);
        var live = Store.Resolve<LiveSessions>();

        // Each twice, each with its right owner and with another; the last session has never been.
        var asked = sessions.SelectMany((session, i) => (IEnumerable<(Guid Session, User User)>)
            [(session.Id, users[i]), (session.Id, users[i]), (session.Id, users[(i + 1) % users.Length]), (Guid.NewGuid(), users[i])]).ToList();
        var found = await Task.WhenAll(asked.Select(pair => Task.Run(() => live.FindProfileAsync(pair.Session, pair.User.Id, Store.Clock.Now))));
        var expected = asked.Select((pair, i) => i % 4 < 2 && pair.User != users[7] ? pair.User.PhoneNumber.E164 : null);
        Assert.That(found.Select(profile => profile?.PhoneNumber), Is.EqualTo(expected));
        Assert.That(await live.FindProfileAsync(sessions[0].Id, users[0].Id, sessions[0].ExpiresAt), Is.Null, "expired");
    }

    [Test]
    public async Task An_address_keeps_what_it_did()
    {
        var usage = AddressUsage.Begin("2001:db8:1:2::/64", Store.Clock.Now);
        usage.CountSend(Store.Clock.Now, new AddressPolicy());
        await Store.KeepAsync(usage);
        await using var work = Store.Begin();
        AddressUsage read = null!;
        await work.SaveAsync(work.Codes.HoldForSend(Store.NewNumber(), usage.Address), found => read = found.Address!);
        Assert.That((read.Sends.Last, read.FailedCodes.Count, read.UpdatedAt), Is.EqualTo(((DateTimeOffset?)Store.Clock.Now, 0, Store.Clock.Now)));
    }

    [Test]
    public async Task A_profile_just_made_reads_as_one_that_was_read()
    {
        var user = Store.NewUser();
        await Store.KeepAsync(user);
        await using var work = Store.Begin();
        var profiles = work.Get<IProfileReader>();
        var (made, read) = (profiles.Of(user), await profiles.FindAsync(user.Id, default));
        Assert.That(System.Text.Json.JsonSerializer.Serialize(made), Is.EqualTo(System.Text.Json.JsonSerializer.Serialize(read)));
        Assert.That(await profiles.FindAsync(Guid.NewGuid(), default), Is.Null);
    }

    private static (Guid? First, Guid? Second) Ids((User? First, User? Second) users) => (users.First?.Id, users.Second?.Id);
}
