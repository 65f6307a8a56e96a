using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using PhoneAuth.Domain.Sessions;
using PhoneAuth.Domain.Users;
using PhoneAuth.Domain.VerificationCodes;
using PhoneAuth.Infrastructure.Tests.Harness;
using PhoneAuth.Testing;

namespace PhoneAuth.Infrastructure.Tests.Persistence;

[OnBothDatabases]
internal sealed class UnitOfWorkTests(DatabaseKind kind) : StoreTest(kind)
{
    private static readonly byte[] Right = new byte[32];
    private static readonly byte[] Wrong = [.. Enumerable.Repeat((byte)1, 32)];
    private static readonly VerificationPolicy Policy = new();

    [Test]
    public async Task What_is_saved_is_there_for_all()
    {
        var row = await Store.KeepCodeAsync(Right);
        await using (var work = Store.Begin())
        {
            var held = await work.Codes.LockAsync(row.PhoneNumber, default);
            held!.Guess([Wrong], Store.Clock.Now, Policy);
            Assert.That(await work.SaveAsync(), Is.True);
        }

        Assert.That((await ReadAsync(row)).Guesses, Is.EqualTo(1));
    }

    [Test]
    public async Task What_is_not_saved_is_rolled_back()
    {
        var row = await Store.KeepCodeAsync(Right);
        await using (var work = Store.Begin())
        {
            await work.Codes.LockAsync(row.PhoneNumber, default);
            await work.Context.VerificationCodes.ExecuteUpdateAsync(change => change.SetProperty(code => code.Guesses, 1));
        }

        Assert.That((await ReadAsync(row)).Guesses, Is.Zero, "written, and its transaction never committed");
    }

    [Test]
    public async Task What_has_not_changed_is_not_written()
    {
        var row = await Store.KeepCodeAsync(Right);
        await using (var work = Store.Begin())
        {
            await work.Codes.LockAsync(row.PhoneNumber, default);
            await work.Context.VerificationCodes.Where(code => code.PhoneNumber == row.PhoneNumber).ExecuteUpdateAsync(change => change.SetProperty(code => code.Guesses, 1));
            Assert.That(await work.SaveAsync(), Is.True);
        }

        Assert.That((await ReadAsync(row)).Guesses, Is.EqualTo(1));
    }

    [Test]
    public async Task What_is_written_row_by_row_and_what_EF_writes_are_saved_together_or_not_at_all()
    {
        var (row, taken, user) = (await Store.KeepCodeAsync(Right), Store.NewUser(), Store.NewUser());
        await Store.KeepAsync(taken, user);
        await using (var work = Store.Begin())
        {
            var held = await work.Codes.LockAsync(row.PhoneNumber, default);
            held!.Guess([Wrong], Store.Clock.Now, Policy);
            work.Users.Remove((await work.Users.LockAsync(user.Id, default))!);
            work.Users.Add(Store.NewUser(taken.InviteCode));
            Assert.That(await work.SaveAsync(), Is.False);
        }

        Assert.That(((await ReadAsync(row)).Guesses, await FindAsync(user)), Is.EqualTo((0, user.Id)));
        await using (var work = Store.Begin())
        {
            var held = await work.Codes.LockAsync(row.PhoneNumber, default);
            held!.Guess([Wrong], Store.Clock.Now, Policy);
            work.Users.Remove((await work.Users.LockAsync(user.Id, default))!);
            Assert.That(await work.SaveAsync(), Is.True);
        }

        Assert.That(((await ReadAsync(row)).Guesses, await FindAsync(user)), Is.EqualTo((1, default(Guid?))));
    }

    [Test]
    public async Task While_a_row_is_held_others_wait_for_it_and_then_see_what_became_of_it()
    {
        var row = await Store.KeepCodeAsync(Right);
        await using var first = Store.Begin();
        await using var second = Store.Begin();
        var held = await first.Codes.LockAsync(row.PhoneNumber, default);
        var waiting = second.Codes.LockAsync(row.PhoneNumber, default);
        await Store.Database.UntilBlockedAsync(waiting);
        Assert.That(waiting.IsCompleted, Is.False);
        held!.Guess([Wrong], Store.Clock.Now, Policy);
        await first.SaveAsync();
        Assert.That((await waiting)!.Guesses, Is.EqualTo(1));
    }

    [Test]
    public async Task While_a_session_is_held_no_other_refresh_is_lost()
    {
        var (user, next) = (Store.NewUser(), Wrong);
        var session = Store.NewSession(user);
        await Store.KeepAsync(user, session);
        await using var first = Store.Begin();
        await using var second = Store.Begin();
        var held = (await first.Sessions.LockAsync(session.Id, default))!;
        byte[]? found = null;
        var waiting = second.SaveAsync(second.Sessions.HoldWithUser(session.Id), held => found = held.Session.TokenHash);
        await Store.Database.UntilBlockedAsync(waiting);
        Assert.That((waiting.IsCompleted, found), Is.EqualTo((false, (byte[]?)null)));
        held.Refresh([session.TokenHash], next, Store.Clock.Now, new SessionPolicy());
        await first.SaveAsync();
        Assert.That((await waiting, found), Is.EqualTo((true, next)));
    }

    [Test]
    public async Task A_sign_in_that_waited_for_a_number_sees_that_its_user_was_blocked_meanwhile()
    {
        var (row, user) = (await Store.KeepCodeAsync(Right), default(User)!);
        await Store.KeepAsync(user = User.Register(row.PhoneNumber, Store.NewUser().InviteCode, activationSpent: false, Store.Clock.Now));
        await using var first = Store.Begin();
        await using var second = Store.Begin();
        await first.Codes.LockAsync(row.PhoneNumber, default);
        DateTimeOffset? found = null;
        var waiting = second.SaveAsync(second.Codes.HoldForSignIn(row.PhoneNumber, [new byte[32]], null), seen => found = seen.User!.BlockedAt);
        await Store.Database.UntilBlockedAsync(waiting);
        (await first.Users.LockAsync(user.Id, default))!.Block(Store.Clock.Now);
        await first.SaveAsync();
        await waiting;
        Assert.That(found, Is.EqualTo(Store.Clock.Now));
    }

    [Test]
    public async Task A_second_first_row_of_a_number_is_a_lost_race_and_the_handler_can_begin_again()
    {
        var number = Store.NewNumber();
        await using var work = Store.Begin();
        await Store.KeepAsync(VerificationCode.Begin(number));
        work.Codes.Add(VerificationCode.Begin(number));
        Assert.That(await work.SaveAsync(), Is.False);
        Assert.That(await work.Codes.LockAsync(number, default), Is.Not.Null);
        Assert.That(await work.SaveAsync(), Is.True, "what was to be written is forgotten");
    }

    [Test]
    public async Task A_number_or_an_invite_code_that_is_taken_is_a_lost_race()
    {
        var user = Store.NewUser();
        await Store.KeepAsync(user);
        await using var work = Store.Begin();
        work.Users.Add(Domain.Users.User.Register(user.PhoneNumber, Store.NewUser().InviteCode, activationSpent: false, Store.Clock.Now));
        Assert.That(await work.SaveAsync(), Is.False, "the number");
        work.Users.Add(Store.NewUser(user.InviteCode));
        Assert.That(await work.SaveAsync(), Is.False, "the invite code");
        work.Users.Add(Store.NewUser());
        Assert.That(await work.SaveAsync(), Is.True);
    }

    [Test]
    public async Task A_session_whose_user_has_gone_is_a_lost_race()
    {
        await using var work = Store.Begin();
        work.Sessions.Add(Store.NewSession(Store.NewUser()));
        Assert.That(await work.SaveAsync(), Is.False);
    }

    [Test]
    public async Task A_row_that_has_gone_is_a_lost_race()
    {
        var user = Store.NewUser();
        await Store.KeepAsync(user);
        await using var work = Store.Begin();
        var read = await work.Context.Users.SingleAsync(found => found.Id == user.Id);
        await using (var other = Store.Database.Open())
        {
            await other.Users.Where(found => found.Id == user.Id).ExecuteDeleteAsync();
        }

        work.Users.Remove(read);
        Assert.That(await work.SaveAsync(), Is.False);
    }

    [Test]
    public async Task Twenty_lost_races_are_a_bug_and_come_out_as_one()
    {
        var user = Store.NewUser();
        await Store.KeepAsync(user);
        await using var work = Store.Begin();
        for (var lost = 1; lost < 20; lost++)
        {
            work.Users.Add(Store.NewUser(user.InviteCode));
            Assert.That(await work.SaveAsync(), Is.False, $"race {lost}");
        }

        work.Users.Add(Store.NewUser(user.InviteCode));
        Assert.That(work.SaveAsync, Throws.InstanceOf<DbException>());
    }

    [Test]
    public async Task After_a_fault_the_next_one_gets_its_turn()
    {
        await using (var broken = Store.Begin())
        {
            await broken.Codes.LockAsync(Store.NewNumber(), default);
            Assert.That(async () => await broken.Context.Database.ExecuteSqlRawAsync("SELECT nothing FROM nowhere"), Throws.InstanceOf<DbException>());
        }

        await using var work = Store.Begin();
        work.Users.Add(Store.NewUser());
        Assert.That(await work.SaveAsync(), Is.True);
    }

    private async Task<Guid?> FindAsync(User user)
    {
        await using var work = Store.Begin();
        return (await work.Users.FindAsync(user.PhoneNumber, default))?.Id;
    }

    private async Task<VerificationCode> ReadAsync(VerificationCode row)
    {
        await using var work = Store.Begin();
        return (await work.Codes.FindAsync(row.PhoneNumber, default))!;
    }
}
