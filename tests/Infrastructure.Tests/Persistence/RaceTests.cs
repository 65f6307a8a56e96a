using Microsoft.EntityFrameworkCore;
using PhoneAuth.Domain.InviteCodes;
using PhoneAuth.Domain.Users;
using PhoneAuth.Domain.VerificationCodes;
using PhoneAuth.Infrastructure.Tests.Harness;
using PhoneAuth.Testing;

namespace PhoneAuth.Infrastructure.Tests.Persistence;

[OnBothDatabases]
internal sealed class RaceTests(DatabaseKind kind) : StoreTest(kind)
{
    private static readonly byte[] Right = new byte[32];
    private static readonly byte[] Wrong = [.. Enumerable.Repeat((byte)1, 32)];

    [Test]
    public async Task Parallel_guesses_queue_and_every_one_is_counted()
    {
        var many = new VerificationPolicy { MaxAttempts = 1000, MaxFailures = 1000, MaxConsecutiveFailures = 1000 };
        var row = await Store.KeepCodeAsync(Right);
        await AtOnceAsync(60, async work =>
        {
            await work.SaveAsync(work.Codes.HoldForSignIn(row.PhoneNumber, [], null), found => found.Code!.Guess([Wrong], Store.Clock.Now, many));
            return true;
        });
        await using var database = Store.Database.Open();
        Assert.That((await database.VerificationCodes.SingleAsync(code => code.PhoneNumber == row.PhoneNumber)).ConsecutiveFailures, Is.EqualTo(60));
    }

    [Test]
    public async Task Of_parallel_right_guesses_one_consumes_the_code()
    {
        var row = await Store.KeepCodeAsync(Right);
        var rights = await AtOnceAsync(60, async work =>
        {
            var isRight = false;
            await work.SaveAsync(work.Codes.HoldForSignIn(row.PhoneNumber, [], null), found => isRight = found.Code!.Guess([Right], Store.Clock.Now, new VerificationPolicy()).IsSuccess);
            return isRight;
        });
        Assert.That(rights.Count(right => right), Is.EqualTo(1));
    }

    [Test]
    public async Task Of_parallel_first_sign_ins_of_a_number_one_makes_the_user()
    {
        var number = Store.NewNumber();
        var made = await AtOnceAsync(30, async work =>
        {
            work.Users.Add(User.Register(number, Store.NewUser().InviteCode, activationSpent: false, Store.Clock.Now));
            return await work.SaveAsync();
        });
        Assert.That(made.Count(one => one), Is.EqualTo(1));
    }

    [Test]
    public async Task Of_fifty_activations_by_one_user_one_counts()
    {
        var (user, owner) = (Store.NewUser(), Store.NewUser());
        await Store.KeepAsync(user, owner);
        var activated = await AtOnceAsync(50, work => ActivateAsync(work, user.Id, owner.InviteCode));
        Assert.That(activated.Count(one => one), Is.EqualTo(1));
        Assert.That((await ReadAsync(owner.Id)).InvitedUsersCount, Is.EqualTo(1));
    }

    [Test]
    public async Task Two_hundred_users_who_activate_one_code_are_all_counted()
    {
        var owner = Store.NewUser();
        User[] users = [.. Enumerable.Range(0, 200).Select(_ => Store.NewUser())];
        await Store.KeepAsync([owner, .. users]);
        var next = 0;
        await AtOnceAsync(200, work => ActivateAsync(work, users[Interlocked.Increment(ref next) - 1].Id, owner.InviteCode));
        await using var database = Store.Database.Open();
        Assert.That((await ReadAsync(owner.Id)).InvitedUsersCount, Is.EqualTo(200));
        Assert.That(await database.Users.CountAsync(user => user.InviterId == owner.Id), Is.EqualTo(200));
    }

    [Test]
    public async Task Two_users_who_activate_each_others_codes_never_wait_in_a_circle()
    {
        for (var round = 0; round < 20; round++)
        {
            User[] pair = [Store.NewUser(), Store.NewUser()];
            await Store.KeepAsync([.. pair]);
            var next = 0;
            var activated = await AtOnceAsync(2, work =>
            {
                var me = Interlocked.Increment(ref next) - 1;
                return ActivateAsync(work, pair[me].Id, pair[1 - me].InviteCode);
            });
            Assert.That(activated, Is.All.True);
        }
    }

    [Test]
    public async Task Of_users_who_draw_one_invite_code_one_has_it()
    {
        User[] users = [.. Enumerable.Range(0, 10).Select(_ => Store.NewUser())];
        await Store.KeepAsync([.. users]);
        var code = Store.NewUser().InviteCode;
        var next = 0;
        var got = await AtOnceAsync(10, async work =>
        {
            (await work.Users.LockAsync(users[Interlocked.Increment(ref next) - 1].Id, default))!.ReplaceInviteCode(code);
            return await work.SaveAsync();
        });
        Assert.That(got.Count(one => one), Is.EqualTo(1));
        await using var database = Store.Database.Open();
        Assert.That(await database.Users.CountAsync(user => user.InviteCode == code), Is.EqualTo(1));
    }

    private static async Task<bool> ActivateAsync(Work work, Guid userId, InviteCode code)
    {
        var (user, owner) = await work.Users.LockWithOwnerAsync(userId, code, default);
        var result = user!.ActivateInviteCode(code, owner, DateTimeOffset.UnixEpoch);
        return await work.SaveAsync() && result.IsSuccess;
    }

    private Task<bool[]> AtOnceAsync(int times, Func<Work, Task<bool>> act) => Task.WhenAll(Enumerable.Range(0, times).Select(_ => Task.Run(async () =>
    {
        await using var work = Store.Begin();
        return await act(work);
    })));

    private async Task<User> ReadAsync(Guid id)
    {
        await using var database = Store.Database.Open();
        return await database.Users.AsNoTracking().SingleAsync(user => user.Id == id);
    }
}
