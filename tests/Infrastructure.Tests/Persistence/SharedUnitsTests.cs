using Microsoft.EntityFrameworkCore;
using PhoneAuth.Domain.Addresses;
using PhoneAuth.Domain.PhoneNumbers;
using PhoneAuth.Domain.Sessions;
using PhoneAuth.Domain.Users;
using PhoneAuth.Domain.VerificationCodes;
using PhoneAuth.Infrastructure.Tests.Harness;
using PhoneAuth.Testing;

namespace PhoneAuth.Infrastructure.Tests.Persistence;

/// <summary>Units of work that share a transaction: each with its own outcome, as if it had been alone.</summary>
[OnBothDatabases]
internal sealed class SharedUnitsTests(DatabaseKind kind) : SharedUnitsTest(kind)
{
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
}
