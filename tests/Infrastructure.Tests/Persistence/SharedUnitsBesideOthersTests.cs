using Microsoft.EntityFrameworkCore;
using PhoneAuth.Domain.Addresses;
using PhoneAuth.Domain.Sessions;
using PhoneAuth.Domain.Users;
using PhoneAuth.Domain.VerificationCodes;
using PhoneAuth.Infrastructure.Persistence;
using PhoneAuth.Infrastructure.Tests.Harness;
using PhoneAuth.Testing;

namespace PhoneAuth.Infrastructure.Tests.Persistence;

/// <summary>Units of work that share a transaction, beside others that hold rows at the same time: on PostgreSQL, as SQLite has one writer.</summary>
internal sealed class SharedUnitsBesideOthersTests() : SharedUnitsTest(DatabaseKind.PostgreSql)
{
    [Test]
    public async Task Refreshes_go_on_while_others_are_being_written()
    {
        var users = Enumerable.Range(0, 1 + SharedRounds<int, int>.Enough).Select(_ => Store.NewUser()).ToList();
        var sessions = users.ConvertAll(Store.NewSession);
        await Store.KeepAsync([.. users, .. sessions]);
        await using var other = Store.Begin();
        var taken = await RegisterAsync(other);
        var works = users.ConvertAll(_ => Store.Begin());
        var first = works[0].SaveAsync(works[0].Sessions.HoldWithUser(sessions[0].Id), _ => works[0].Users.Add(Like(taken)));
        await Store.Database.UntilBlockedAsync(first);
        var next = works.Zip(sessions).Skip(1).Select(each => each.First.SaveAsync(each.First.Sessions.HoldWithUser(each.Second.Id), _ => { }));
        await Task.WhenAll(next).WaitAsync(TimeSpan.FromSeconds(10));
        Assert.That(first.IsCompleted, Is.False);
        await other.DisposeAsync();
        await first;
        foreach (var work in works)
        {
            await work.DisposeAsync();
        }
    }

    [Test]
    public async Task Codes_behind_one_address_wait_to_be_sent_together()
    {
        var address = AddressUsage.Begin(Store.NewNumber().E164, Store.Clock.Now);
        await Store.KeepAsync(address);
        Task SendAsync(Work work) => work.SaveAsync(work.Codes.HoldForSend(Store.NewNumber(), address.Address), _ => { });
        await TogetherAsync(AtSend, 2, (work, _) => SendAsync(work));
        await using var other = Store.Begin();
        var taken = await RegisterAsync(other);
        var works = Enumerable.Range(0, 1 + SharedRounds<int, int>.Enough).Select(_ => Store.Begin()).ToList();
        var first = works[0].SaveAsync(works[0].Codes.HoldForSend(Store.NewNumber(), address.Address), _ => works[0].Users.Add(Like(taken)));
        await Store.Database.UntilBlockedAsync(first);
        var begun = Begun;
        var next = works.Skip(1).Select(SendAsync).ToList();

        // Longer than a transaction takes that does not wait.
        for (var i = 0; i < 40; i++)
        {
            await Store.KeepCodeAsync(Right);
        }

        Assert.That(first.IsCompleted, Is.False);
        await other.DisposeAsync();
        await Task.WhenAll([first, .. next]);
        Assert.That(Begun - begun, Is.EqualTo(1));
        foreach (var work in works)
        {
            await work.DisposeAsync();
        }
    }

    [Test]
    public async Task Who_waits_for_a_row_keeps_none_of_the_others_waiting()
    {
        var (held, free) = (await Store.KeepCodeAsync(Right), await Store.KeepCodeAsync(Right));
        await using var other = Store.Begin();
        (await other.Codes.LockAsync(held.PhoneNumber, default))!.Guess([Next], Store.Clock.Now, new VerificationPolicy());
        var (waits, goesOn, seen) = (new TaskCompletionSource(), new TaskCompletionSource(), 0);
        var both = TogetherAsync(AtSignIn, 2, async (work, i) =>
        {
            await work.SaveAsync(work.Codes.HoldForSignIn((i == 0 ? held : free).PhoneNumber, [], null), found => seen = i == 0 ? found.Code!.Guesses : seen);
            (i == 0 ? waits : goesOn).SetResult();
        });
        await goesOn.Task.WaitAsync(TimeSpan.FromSeconds(10));
        await Store.Database.UntilBlockedAsync(waits.Task);
        Assert.That(waits.Task.IsCompleted, Is.False);
        await other.SaveAsync();
        await both;
        Assert.That(seen, Is.EqualTo(1), "it has waited");
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Nor_does_who_waits_for_a_session_or_an_address(bool isSession)
    {
        User[] users = [Store.NewUser(), Store.NewUser()];
        Session[] sessions = [.. users.Select(Store.NewSession)];
        AddressUsage[] addresses = [.. users.Select(user => AddressUsage.Begin(user.PhoneNumber.E164, Store.Clock.Now))];
        await Store.KeepAsync([.. users, .. sessions, .. addresses]);
        await using var other = Store.Begin();
        await other.Sessions.LockAsync(sessions[0].Id, default);
        await (await other.Get<UnitOfWork>().HoldAsync<AddressUsage>("SELECT * FROM address_usages WHERE address = {0}", default, addresses[0].Address)).ToListAsync();
        TaskCompletionSource[] done = [new(), new()];
        var both = TogetherAsync(isSession ? AtRefresh : AtSend, 2, async (work, i) =>
        {
            await (isSession
                ? work.SaveAsync(work.Sessions.HoldWithUser(sessions[i].Id), _ => { })
                : work.SaveAsync(work.Codes.HoldForSend(Store.NewNumber(), addresses[i].Address), _ => { }));
            done[i].SetResult();
        });
        await done[1].Task.WaitAsync(TimeSpan.FromSeconds(10));
        await Store.Database.UntilBlockedAsync(done[0].Task);
        Assert.That(done[0].Task.IsCompleted, Is.False);
        await other.SaveAsync();
        await both;
    }

    [Test]
    public async Task A_number_is_held_before_an_address_so_that_nobody_waits_in_a_circle()
    {
        var code = await Store.KeepCodeAsync(Right);
        var address = AddressUsage.Begin(code.PhoneNumber.E164, Store.Clock.Now);
        await Store.KeepAsync(address);
        await using var other = Store.Begin();
        await other.Codes.LockAsync(code.PhoneNumber, default);
        await using var work = Store.Begin();
        var instance = Store.On(Store.Database);
        await using var third = instance.Begin();
        foreach (var decide in (Func<Work, Task>[])
            [
                at => at.SaveAsync(at.Codes.HoldForSend(code.PhoneNumber, address.Address), _ => { }),
                at => at.SaveAsync(at.Codes.HoldForSignIn(code.PhoneNumber, [], address.Address), _ => { }),
            ])
        {
            var waiting = decide(work);
            await Store.Database.UntilBlockedAsync(waiting);

            // Whoever holds the number gets the address, though somebody waits for both.
            await third.SaveAsync(third.Codes.HoldForSend(Store.NewNumber(), address.Address), found => Assert.That(found.Address, Is.Not.Null)).WaitAsync(TimeSpan.FromSeconds(10));
            await other.SaveAsync();
            await waiting;
            await other.Codes.LockAsync(code.PhoneNumber, default);
        }

        await instance.StopAsync();
    }

    /// <summary>Writes a new user without committing: whoever would write one with the same invite code waits.</summary>
    private async Task<User> RegisterAsync(Work work)
    {
        var user = Store.NewUser();
        await work.Get<UnitOfWork>().BeginAsync(CancellationToken.None);
        work.Context.Add(user);
        await work.Context.SaveChangesAsync();
        return user;
    }

    private User Like(User user) => User.Register(Store.NewNumber(), user.InviteCode, activationSpent: false, Store.Clock.Now);
}
