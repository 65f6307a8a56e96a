using System.Net;
using MediatR;
using Microsoft.Extensions.DependencyInjection;
using PhoneAuth.Application.Operators;
using PhoneAuth.Infrastructure.Persistence;
using PhoneAuth.Testing;
using PhoneAuth.WebApi.Tests.Harness;

namespace PhoneAuth.WebApi.Tests.SignIn;

/// <summary>Ten wrong codes a day for a number, whichever way they come.</summary>
[OnBothDatabases]
internal sealed class GuessingTests(DatabaseKind kind) : ApiTest(kind)
{
    [Test]
    public async Task Ten_wrong_codes_across_resends_lock_the_number_for_an_hour()
    {
        var number = Calls.NewNumber();
        var left = new List<int>();
        for (var send = 0; send < 2; send++)
        {
            Api.Clock.Advance(TimeSpan.FromMinutes(2));
            var code = await Api.RequestCodeAsync(number);
            left.AddRange(await GuessAsync(Api, number, Calls.Wrong(code), 5));
        }

        Assert.That(left, Is.EqualTo(new[] { 4, 3, 2, 1, 0, 4, 3, 2, 1, 0 }));
        await AssertLockedAsync(number, TimeSpan.FromHours(1));
    }

    [Test]
    public async Task The_right_code_does_not_open_a_lock()
    {
        var number = Calls.NewNumber();
        await GuessAsync(Api, number, Calls.Wrong(await Api.RequestCodeAsync(number)), 5);
        Api.Clock.Advance(TimeSpan.FromMinutes(1));
        await GuessAsync(Api, number, Calls.Wrong(await Api.RequestCodeAsync(number)), 4);
        Api.Clock.Advance(TimeSpan.FromMinutes(2));
        var code = await Api.RequestCodeAsync(number);
        await GuessAsync(Api, number, Calls.Wrong(code), 1);
        Assert.That((await Client.VerifyCodeAsync(number, code)).Code, Is.EqualTo("phone_locked"));
    }

    [Test]
    public async Task A_success_clears_the_count()
    {
        var number = Calls.NewNumber();
        for (var send = 0; send < 4; send++)
        {
            var code = await Api.RequestCodeAsync(number);
            Assert.That(await GuessAsync(Api, number, Calls.Wrong(code), 4), Is.EqualTo(new[] { 4, 3, 2, 1 }));
            Assert.That((await Client.VerifyCodeAsync(number, code)).Status, Is.EqualTo(HttpStatusCode.OK));
            Api.Clock.Advance(TimeSpan.FromMinutes(8));
        }
    }

    [Test]
    public async Task Parallel_guesses_at_two_instances_are_counted_together()
    {
        await using var other = Api.StartAnother();
        var number = Calls.NewNumber();
        for (var send = 0; send < 2; send++)
        {
            Api.Clock.Advance(TimeSpan.FromMinutes(2));
            var wrong = Calls.Wrong(await Api.RequestCodeAsync(number));
            var answers = await Task.WhenAll(Enumerable.Range(0, 60).Select(i => (i % 2 == 0 ? Client : other.Client).VerifyCodeAsync(number, wrong)));
            Assert.That(answers.Count(answer => answer.Code == "code_invalid"), Is.EqualTo(5));
            Assert.That(
                answers.Where(answer => answer.Code == "code_invalid").Select(answer => answer.Json.GetProperty("attemptsLeft").GetInt32()),
                Is.EquivalentTo(new[] { 0, 1, 2, 3, 4 }));
            Assert.That(answers.Count(answer => answer.Code is "code_expired" or "phone_locked"), Is.EqualTo(55));
        }

        await AssertLockedAsync(number, TimeSpan.FromHours(1));
        Assert.That((await other.Client.SendCodeAsync(number)).Code, Is.EqualTo("phone_locked"));
    }

    [Test]
    public async Task A_right_code_among_wrong_ones_at_two_instances_signs_in_once_at_most()
    {
        await using var other = Api.StartAnother();
        var number = Calls.NewNumber();
        var code = await Api.RequestCodeAsync(number);
        var answers = await Task.WhenAll(Enumerable.Range(0, 60).Select(i =>
            (i % 2 == 0 ? Client : other.Client).VerifyCodeAsync(number, i % 10 == 0 ? code : Calls.Wrong(code))));
        Assert.That(answers.Count(answer => answer.Status == HttpStatusCode.OK), Is.LessThanOrEqualTo(1));
        Assert.That(answers.Count(answer => answer.Code == "code_invalid"), Is.LessThanOrEqualTo(5));
    }

    [Test]
    public async Task A_restart_gives_no_guess_back()
    {
        var number = Calls.NewNumber();
        var wrong = Calls.Wrong(await Api.RequestCodeAsync(number));
        for (var left = 4; left >= 0; left--)
        {
            await using var restarted = Api.StartAnother();
            Assert.That(await GuessAsync(restarted, number, wrong, 1), Is.EqualTo(new[] { left }));
        }

        Assert.That((await Client.VerifyCodeAsync(number, wrong)).Code, Is.EqualTo("code_expired"));
    }

    [Test]
    public async Task What_is_compared_with_no_live_code_counts_as_no_failure()
    {
        var number = Calls.NewNumber();
        var first = await Api.RequestCodeAsync(number);
        await Client.VerifyCodeAsync(number, first);
        for (var guess = 0; guess < 30; guess++)
        {
            Assert.That((await Client.VerifyCodeAsync(number, "0000")).Code, Is.EqualTo("code_expired"));
        }

        Api.Clock.Advance(TimeSpan.FromMinutes(2));
        Assert.That((await Client.VerifyCodeAsync(number, await Api.RequestCodeAsync(number))).Status, Is.EqualTo(HttpStatusCode.OK));
    }

    private static async Task<List<int>> GuessAsync(Api api, string number, string code, int times)
    {
        var left = new List<int>();
        for (var guess = 0; guess < times; guess++)
        {
            var answer = await api.Client.VerifyCodeAsync(number, code);
            Assert.That((answer.Status, answer.Code), Is.EqualTo((HttpStatusCode.UnprocessableEntity, "code_invalid")), answer.Body);
            left.Add(answer.Json.GetProperty("attemptsLeft").GetInt32());
        }

        return left;
    }

    private async Task AssertLockedAsync(string number, TimeSpan time)
    {
        foreach (var answer in new[] { await Client.VerifyCodeAsync(number, "0000"), await Client.SendCodeAsync(number) })
        {
            Assert.That((answer.Status, answer.Code), Is.EqualTo((HttpStatusCode.TooManyRequests, "phone_locked")));
            Assert.That(answer.Json.Text("retryAt"), Is.EqualTo(Calls.Utc(Api.Clock.Now + time)));
            Assert.That(answer.Headers.RetryAfter!.Delta, Is.EqualTo(time));
        }
    }
}

/// <summary>Locks that double, and the last one, which only an operator opens.</summary>
[OnBothDatabases]
internal sealed class LockTests(DatabaseKind kind) : ApiTest(kind)
{
    protected override (string Key, string Value)[] Settings =>
        [("Verification:ResendWait", "00:00:00"), ("Verification:MaxSendsPerHour", "0"), ("Verification:MaxSendsPerDay", "0")];

    [Test]
    public async Task Each_lock_is_twice_as_long_up_to_a_day_until_a_success()
    {
        var number = Calls.NewNumber();
        foreach (var hours in new[] { 1, 2, 4, 8, 16, 24, 24 })
        {
            Assert.That(await FailUntilLockedAsync(number), Is.EqualTo(TimeSpan.FromHours(hours)));
            Api.Clock.Advance(TimeSpan.FromHours(hours));
        }

        Assert.That((await Client.VerifyCodeAsync(number, await Api.RequestCodeAsync(number))).Status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(await FailUntilLockedAsync(number), Is.EqualTo(TimeSpan.FromHours(1)));
    }

    [Test]
    public async Task A_lock_holds_to_its_last_moment()
    {
        var number = Calls.NewNumber();
        await FailUntilLockedAsync(number);
        Api.Clock.Advance(TimeSpan.FromHours(1) - TimeSpan.FromMicroseconds(1));
        Assert.That((await Client.SendCodeAsync(number)).Code, Is.EqualTo("phone_locked"));
        Api.Clock.Advance(TimeSpan.FromMicroseconds(1));
        Assert.That((await Client.VerifyCodeAsync(number, await Api.RequestCodeAsync(number))).Status, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task A_hundred_wrong_codes_without_a_success_lock_the_number_until_an_operator_unlocks_it()
    {
        var number = Calls.NewNumber();
        var wrong = 0;
        for (Answer? answer = null; answer?.Code != "phone_disabled" && wrong <= 100;)
        {
            var code = await Api.RequestCodeAsync(number);
            do
            {
                answer = await Client.VerifyCodeAsync(number, Calls.Wrong(code));
                wrong += answer.Code == "code_invalid" ? 1 : 0;
            }
            while (answer.Code == "code_invalid");
            Api.Clock.Advance(answer.Headers.RetryAfter?.Delta ?? TimeSpan.Zero);
        }

        Assert.That(wrong, Is.EqualTo(100));
        Api.Clock.Advance(TimeSpan.FromDays(400));
        await Api.Services.GetRequiredService<Purge>().RunAsync(default);
        foreach (var answer in new[] { await Client.SendCodeAsync(number), await Client.VerifyCodeAsync(number, "0000") })
        {
            Assert.That((answer.Status, answer.Code), Is.EqualTo((HttpStatusCode.Forbidden, "phone_disabled")));
            Assert.That(answer.Headers.RetryAfter, Is.Null);
        }

        await using (var scope = Api.Services.CreateAsyncScope())
        {
            Assert.That((await scope.ServiceProvider.GetRequiredService<IMediator>().Send(new UnlockNumberCommand(number))).IsSuccess, Is.True);
        }

        Assert.That((await Client.VerifyCodeAsync(number, await Api.RequestCodeAsync(number))).Status, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Neither_deleting_the_account_nor_coming_back_opens_a_lock()
    {
        var person = await Api.SignInAsync();
        await FailUntilLockedAsync(person.PhoneNumber);
        Assert.That((await person.Client.ReadAsync(HttpMethod.Delete, person.ProfilePath)).Status, Is.EqualTo(HttpStatusCode.NoContent));
        Assert.That((await Client.SendCodeAsync(person.PhoneNumber)).Code, Is.EqualTo("phone_locked"));
        Api.Clock.Advance(TimeSpan.FromHours(1));
        Assert.That(await FailUntilLockedAsync(person.PhoneNumber), Is.EqualTo(TimeSpan.FromHours(2)));
    }

    /// <summary>Guesses wrongly, with a fresh code whenever one is needed, until the number locks; for how long it does.</summary>
    private async Task<TimeSpan> FailUntilLockedAsync(string number)
    {
        while (true)
        {
            var code = await Api.RequestCodeAsync(number);
            Answer answer;
            do
            {
                answer = await Client.VerifyCodeAsync(number, Calls.Wrong(code));
            }
            while (answer.Code == "code_invalid");
            if (answer.Code == "phone_locked")
            {
                return answer.Headers.RetryAfter!.Delta!.Value;
            }

            Assert.That(answer.Code, Is.EqualTo("code_expired"));
        }
    }
}
