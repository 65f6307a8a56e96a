using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using PhoneAuth.Domain.Addresses;
using PhoneAuth.Domain.PhoneNumbers;
using PhoneAuth.Domain.Sessions;
using PhoneAuth.Domain.Users;
using PhoneAuth.Domain.VerificationCodes;
using PhoneAuth.Infrastructure.Persistence;
using PhoneAuth.Infrastructure.Tests.Harness;
using PhoneAuth.Testing;

namespace PhoneAuth.Infrastructure.Tests.Persistence;

/// <summary>Units of work that share a transaction: each with its own outcome, as if it had been alone.</summary>
[OnBothDatabases]
internal sealed class SharedUnitsTests(DatabaseKind kind) : StoreTest(kind)
{
    private static readonly byte[] Right = new byte[32];
    private static readonly byte[] Next = [.. Enumerable.Repeat((byte)1, 32)];

    private readonly Transactions transactions = new();

    protected override void Change(IServiceCollection services) => services
        .Replace(ServiceDescriptor.Singleton<TimeProvider>(new Patient()))
        .ConfigureDbContext<SqliteContext>(options => options.AddInterceptors(transactions))
        .ConfigureDbContext<PostgreSqlContext>(options => options.AddInterceptors(transactions));

    [Test]
    public async Task Each_session_has_its_own_successor_and_its_own_user()
    {
        var users = Enumerable.Range(0, 100).Select(_ => Store.NewUser()).ToList();
        var sessions = users.ConvertAll(Store.NewSession);
        await Store.KeepAsync([.. users, .. sessions]);
        var owners = new Guid[users.Count];
        var took = await TogetherAsync(AtRefresh, users.Count, (work, i) => work.SaveAsync(work.Sessions.HoldWithUser(sessions[i].Id),
            held =>
            {
                owners[i] = held.User.Id;
                held.Session.Refresh([Right], Successor(i), Store.Clock.Now, new SessionPolicy());
            }));
        Assert.That(owners, Is.EqualTo(users.Select(user => user.Id)));
        await using var database = Store.Database.Open();
        foreach (var (session, i) in sessions.Select((session, i) => (session, i)))
        {
            Assert.That((await database.Sessions.SingleAsync(kept => kept.Id == session.Id)).TokenHash, Is.EqualTo(Successor(i)));
        }

        Assert.That(took, Is.EqualTo(2), "of 64 at most");
    }

    [Test]
    public async Task Each_number_is_proved_with_its_own_code_and_makes_its_own_user()
    {
        var codes = new List<VerificationCode>();
        for (var i = 0; i < 20; i++)
        {
            codes.Add(await Store.KeepCodeAsync(Successor(i)));
        }

        var rights = new bool[codes.Count];
        await TogetherAsync(AtSignIn, codes.Count, (work, i) => SignInAsync(work, codes[i].PhoneNumber, Successor(i - (i % 2)), right => rights[i] = right));
        Assert.That(rights, Is.EqualTo(codes.Select((_, i) => i % 2 == 0)));
        await using var database = Store.Database.Open();
        foreach (var (number, i) in codes.Select((code, i) => (code.PhoneNumber, i)))
        {
            Assert.That((await database.VerificationCodes.SingleAsync(code => code.PhoneNumber == number)).Guesses, Is.EqualTo(i % 2));
            Assert.That(await database.Users.CountAsync(user => user.PhoneNumber == number), Is.EqualTo(1 - (i % 2)));
        }
    }

    [Test]
    public async Task Of_two_with_one_number_the_second_sees_what_the_first_has_done()
    {
        var code = await Store.KeepCodeAsync(Right);
        var rights = new List<bool>();
        var took = await TogetherAsync(AtSignIn, 2, (work, _) => SignInAsync(work, code.PhoneNumber, Right, rights.Add));
        Assert.That((rights.Count(right => right), took), Is.EqualTo((1, 2)), "a row is decided about once in a transaction");
    }

    [Test]
    public async Task Numbers_without_a_row_get_one_each_and_one_that_two_ask_for_gets_one()
    {
        List<PhoneNumber> numbers = [Store.NewNumber(), Store.NewNumber(), Store.NewNumber()];
        numbers.Add(numbers[1]);
        await TogetherAsync(AtSend, numbers.Count, (work, i) => SendAsync(work, numbers[i], null));
        await using var database = Store.Database.Open();
        Assert.That(await database.VerificationCodes.CountAsync(code => numbers.Contains(code.PhoneNumber)), Is.EqualTo(3));
        Assert.That((await database.VerificationCodes.SingleAsync(code => code.PhoneNumber == numbers[1])).Sends.Count, Is.EqualTo(2));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task One_address_is_counted_for_all_who_share_it_up_to_its_limit(bool isKnown)
    {
        var (address, policy) = (Store.NewNumber().E164, new AddressPolicy { SendCodePerHour = 5 });
        if (isKnown)
        {
            await Store.KeepAsync(AddressUsage.Begin(address, Store.Clock.Now));
        }

        var sent = 0;
        var took = await TogetherAsync(AtSend, 12, (work, _) => SendAsync(work, Store.NewNumber(), address, policy, () => Interlocked.Increment(ref sent)));
        await using var database = Store.Database.Open();
        Assert.That((sent, (await database.AddressUsages.SingleAsync(usage => usage.Address == address)).Sends.Count), Is.EqualTo((5, 5)));
        if (isKnown)
        {
            Assert.That(took, Is.EqualTo(1));
        }
    }

    [Test]
    public async Task Addresses_without_a_row_get_one_each()
    {
        var numbers = Enumerable.Range(0, 3).Select(_ => Store.NewNumber()).ToList();
        var took = await TogetherAsync(AtSend, 3, (work, i) => SendAsync(work, numbers[i], numbers[i].E164, new AddressPolicy()));
        Assert.That(took, Is.EqualTo(1));
        List<string> addresses = [.. numbers.Select(number => number.E164)];
        await using var database = Store.Database.Open();
        Assert.That(await database.AddressUsages.CountAsync(usage => addresses.Contains(usage.Address)), Is.EqualTo(3));
    }

    [Test]
    public async Task What_one_cannot_write_is_not_lost_to_the_others()
    {
        var numbers = Enumerable.Range(0, 4).Select(_ => Store.NewNumber()).ToList();
        Exception? fault = null;
        await TogetherAsync(AtSend, numbers.Count, async (work, i) =>
        {
            try
            {
                // No database takes an address without a name.
                await work.SaveAsync(work.Codes.HoldForSend(numbers[i], null),
                    _ =>
                    {
                        work.Codes.Add(VerificationCode.Begin(numbers[i]));
                        work.Get<IAddressUsageRepository>().Add(AddressUsage.Begin(i == 2 ? null! : numbers[i].E164, Store.Clock.Now));
                    });
            }
            catch (Exception exception) when (i == 2)
            {
                fault = exception;
            }
        });
        Assert.That(fault, Is.Not.Null);
        await using var database = Store.Database.Open();
        Assert.That(
            await database.VerificationCodes.Where(code => numbers.Contains(code.PhoneNumber)).Select(code => code.PhoneNumber).ToListAsync(),
            Is.EquivalentTo(numbers.Except([numbers[2]])));
    }

    [Test]
    public async Task A_race_that_one_has_lost_is_run_again_by_each_alone()
    {
        var (taken, others) = (Store.NewUser(), Enumerable.Range(0, 3).Select(_ => Store.NewNumber()).ToList());
        await Store.KeepAsync(taken);
        var tries = new int[others.Count];
        await TogetherAsync(AtSignIn, others.Count, (work, i) => work.SaveAsync(work.Codes.HoldForSignIn(others[i], [], null),
            _ => work.Users.Add(User.Register(
                others[i], tries[i]++ == 0 && i == 1 ? taken.InviteCode : Store.NewUser().InviteCode, activationSpent: false, Store.Clock.Now))));
        Assert.That(tries, Is.All.EqualTo(2));
        await using var database = Store.Database.Open();
        Assert.That(await database.Users.CountAsync(user => others.Contains(user.PhoneNumber)), Is.EqualTo(3));
    }

    [Test]
    public async Task A_decision_that_fails_fails_for_who_made_it_and_leaves_nothing()
    {
        var codes = new List<VerificationCode> { await Store.KeepCodeAsync(Right), await Store.KeepCodeAsync(Right), await Store.KeepCodeAsync(Right) };
        var failures = new Exception?[codes.Count];
        await TogetherAsync(AtSignIn, codes.Count, async (work, i) =>
        {
            try
            {
                await work.SaveAsync(work.Codes.HoldForSignIn(codes[i].PhoneNumber, [], null),
                    found =>
                    {
                        found.Code!.Guess([Next], Store.Clock.Now, new VerificationPolicy());
                        if (i == 1)
                        {
                            throw new InvalidOperationException("A fault of ours.");
                        }
                    });
            }
            catch (InvalidOperationException exception)
            {
                failures[i] = exception;
                await work.DisposeAsync();
            }
        });
        Assert.That(failures.Select(failure => failure is not null), Is.EqualTo(new[] { false, true, false }));
        await using var database = Store.Database.Open();
        var guesses = new List<int>();
        foreach (var number in codes.Select(code => code.PhoneNumber))
        {
            guesses.Add((await database.VerificationCodes.SingleAsync(code => code.PhoneNumber == number)).Guesses);
        }

        Assert.That(guesses, Is.EqualTo(new[] { 1, 0, 1 }));
    }

    [Test]
    public async Task A_number_that_has_activated_a_code_in_an_earlier_account_is_told_from_the_others()
    {
        var spent = new SpentActivation([.. BitConverter.GetBytes(Random.Shared.NextInt64()), .. new byte[24]]);
        await Store.KeepAsync(spent);
        var codes = new List<VerificationCode>();
        for (var i = 0; i < 3; i++)
        {
            codes.Add(await Store.KeepCodeAsync(Right));
        }

        var found = new bool[codes.Count];
        await TogetherAsync(AtSignIn, codes.Count, (work, i) => work.SaveAsync(work.Codes.HoldForSignIn(codes[i].PhoneNumber, [i == 1 ? spent.PhoneHash : Successor(i + 100)], null), seen => found[i] = seen.ActivationSpent));
        Assert.That(found, Is.EqualTo(new[] { false, true, false }));
    }

    [Test]
    public async Task Who_waits_for_a_row_keeps_none_of_the_others_waiting()
    {
        if (Kind is not DatabaseKind.PostgreSql)
        {
            Assert.Pass("One writer: nobody holds a row while others write.");
        }

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
        if (Kind is not DatabaseKind.PostgreSql)
        {
            Assert.Pass("One writer: nobody holds a row while others write.");
        }

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
        if (Kind is not DatabaseKind.PostgreSql)
        {
            Assert.Pass("One writer: nobody waits for a row.");
        }

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

    [Test]
    public async Task Each_decides_as_the_request_that_asked()
    {
        var who = new AsyncLocal<int>();
        var seen = new int[5];
        await TogetherAsync(AtSend, seen.Length, (work, i) =>
        {
            who.Value = i;
            return work.SaveAsync(work.Codes.HoldForSend(Store.NewNumber(), null), _ => seen[i] = who.Value);
        });
        Assert.That(seen, Is.EqualTo(new[] { 0, 1, 2, 3, 4 }));
    }

    [Test]
    public async Task Who_leaves_before_anything_is_decided_decides_nothing()
    {
        var codes = new List<VerificationCode> { await Store.KeepCodeAsync(Right), await Store.KeepCodeAsync(Right) };
        using var left = new CancellationTokenSource();
        var decided = new bool[2];
        await TogetherAsync(AtSignIn, 2, async (work, i) =>
        {
            var deciding = work.SaveAsync(work.Codes.HoldForSignIn(codes[i].PhoneNumber, [], null), _ => decided[i] = true, i == 1 ? left.Token : default);
            if (i == 1)
            {
                await left.CancelAsync();
                Assert.That(async () => await deciding, Throws.InstanceOf<OperationCanceledException>());
            }
            else
            {
                await deciding;
            }
        });
        Assert.That(decided, Is.EqualTo(new[] { true, false }));
    }

    [Test]
    public async Task Who_leaves_after_the_decision_is_told_what_became_of_it()
    {
        var code = await Store.KeepCodeAsync(Right);
        using var left = new CancellationTokenSource();
        await using var work = Store.Begin();
        await work.SaveAsync(work.Codes.HoldForSignIn(code.PhoneNumber, [], null),
            found =>
            {
                found.Code!.Guess([Next], Store.Clock.Now, new VerificationPolicy());
                left.Cancel();
            }, left.Token);
        await using var database = Store.Database.Open();
        Assert.That((await database.VerificationCodes.SingleAsync(kept => kept.PhoneNumber == code.PhoneNumber)).Guesses, Is.EqualTo(1));
    }

    private static byte[] Successor(int of) => [.. BitConverter.GetBytes(of), .. new byte[28]];

    private async Task SignInAsync(Work work, PhoneNumber number, byte[] guess, Action<bool> tell)
    {
        var isRight = false;
        await work.SaveAsync(work.Codes.HoldForSignIn(number, [], null),
            found =>
            {
                isRight = found.Code!.Guess([guess], Store.Clock.Now, new VerificationPolicy()).IsSuccess;
                if (isRight)
                {
                    work.Users.Add(User.Register(number, Store.NewUser().InviteCode, activationSpent: false, Store.Clock.Now));
                }
            });
        lock (this)
        {
            tell(isRight);
        }
    }

    private async Task SendAsync(Work work, PhoneNumber number, string? address, AddressPolicy? limits = null, Action? tell = null)
    {
        var isSent = false;
        await work.SaveAsync(work.Codes.HoldForSend(number, address),
            found =>
            {
                var usage = found.Address;
                if (address is not null && usage is null)
                {
                    work.Get<IAddressUsageRepository>().Add(usage = AddressUsage.Begin(address, Store.Clock.Now));
                }

                isSent = usage?.CountSend(Store.Clock.Now, limits!).IsSuccess ?? true;
                var code = found.Code ?? VerificationCode.Begin(number);
                code.Issue(Right, Store.Clock.Now, new VerificationPolicy());
                if (found.Code is null)
                {
                    work.Codes.Add(code);
                }
            });
        if (isSent)
        {
            tell?.Invoke();
        }
    }

    private static Task AtSend(Work work, Action wait) => work.SaveAsync(work.Codes.HoldForSend(Store.NewNumber(), null), _ => wait());

    private async Task AtRefresh(Work work, Action wait)
    {
        var (user, session) = (Store.NewUser(), default(Session));
        await Store.KeepAsync(user, session = Store.NewSession(user));
        await work.SaveAsync(work.Sessions.HoldWithUser(session.Id), _ => wait());
    }

    private static Task AtSignIn(Work work, Action wait) => work.SaveAsync(work.Codes.HoldForSignIn(Store.NewNumber(), [], null), _ => wait());

    /// <summary>Has many ask in one round: they come while another one is under way.</summary>
    /// <returns>How many transactions that took.</returns>
    private Task<int> TogetherAsync(Func<Work, Action, Task> before, int times, Func<Work, int, Task> act) => Task.Run(async () =>
    {
        using var under = new SemaphoreSlim(0);
        using var go = new ManualResetEventSlim();
        await using var first = Store.Begin();
        var running = Task.Run(() => before(first, () =>
        {
            under.Release();
            go.Wait();
        }));
        await under.WaitAsync();
        var (works, begun) = (Enumerable.Range(0, times).Select(_ => Store.Begin()).ToList(), transactions.Started);
        var acts = works.Select(act).ToList();
        go.Set();
        await Task.WhenAll([running, .. acts]);
        foreach (var work in works)
        {
            await work.DisposeAsync();
        }

        return transactions.Started - begun;
    });

    /// <summary>A clock by which no round takes too long, however slow the machine is on which one waits for all to ask.</summary>
    private sealed class Patient : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            base.CreateTimer(callback, state, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    private sealed class Transactions : DbTransactionInterceptor
    {
        private int started;

        public int Started => started;

        public override DbTransaction TransactionStarted(DbConnection connection, TransactionEndEventData eventData, DbTransaction result)
        {
            Interlocked.Increment(ref started);
            return result;
        }

        public override ValueTask<DbTransaction> TransactionStartedAsync(
            DbConnection connection, TransactionEndEventData eventData, DbTransaction result, CancellationToken cancellationToken = default) =>
            ValueTask.FromResult(TransactionStarted(connection, eventData, result));
    }
}
