using System.Net;
using MediatR;
using Microsoft.Extensions.DependencyInjection;
using PhoneAuth.Application.Abstractions;
using PhoneAuth.Application.Operators;
using PhoneAuth.Domain.PhoneNumbers;
using PhoneAuth.Domain.Sessions;
using PhoneAuth.Domain.VerificationCodes;
using PhoneAuth.Testing;
using PhoneAuth.WebApi.Tests.Harness;

namespace PhoneAuth.WebApi.Tests.Sessions;

[OnBothDatabases]
internal sealed class SessionsTests(DatabaseKind kind) : ApiTest(kind)
{
    // Long enough that nobody's token dies while somebody waits for another code.
    protected override (string Key, string Value)[] Settings => [("Tokens:AccessTokenLifetime", "01:00:00")];

    [Test]
    public async Task Every_signed_in_device_is_listed_with_what_is_known_of_it()
    {
        var person = await Api.SignInAsync(deviceName: "Pixel 9");
        var tablet = await SignInAgainAsync(person, "Tablet ☕", ("User-Agent", "Mozilla/5.0 (Tablet)"), (Api.AddressHeader, "2001:db8::17%3"));
        var list = (await tablet.Client.ReadAsync(HttpMethod.Get, "/sessions")).Json;
        Assert.That(
            list[0].EnumerateObject().Select(member => member.Name),
            Is.EqualTo(new[] { "id", "isCurrent", "deviceName", "userAgent", "ipAddress", "createdAt", "lastUsedAt", "expiresAt" }));
        Assert.Multiple(() =>
        {
            Assert.That(list.EnumerateArray().Select(session => session.Text("deviceName")), Is.EqualTo(new[] { "Tablet ☕", "Pixel 9" }));
            Assert.That(list.EnumerateArray().Select(session => session.GetProperty("isCurrent").GetBoolean()), Is.EqualTo(new[] { true, false }));
            Assert.That(list[0].Text("userAgent"), Is.EqualTo("Mozilla/5.0 (Tablet)"));
            Assert.That(list[0].Text("ipAddress"), Is.EqualTo("2001:db8::17"));
            Assert.That(list[0].Text("createdAt"), Is.EqualTo(Calls.Utc(Api.Clock.Now)));
            Assert.That(list[0].Text("lastUsedAt"), Is.EqualTo(Calls.Utc(Api.Clock.Now)));
            Assert.That(list[0].Text("expiresAt"), Is.EqualTo(Calls.Utc(Api.Clock.Now.AddDays(30))));
            Assert.That(list[1].GetProperty("ipAddress").ValueKind, Is.EqualTo(System.Text.Json.JsonValueKind.Null));
        });
    }

    [Test]
    public async Task Of_many_who_sign_in_at_once_each_is_known_by_what_they_are()
    {
        var found = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => Task.Run(async () =>
        {
            var (phoneNumber, agent, address, deviceName, language) = (Calls.NewNumber(), $"agent {i}", $"198.51.100.{i}", $"device {i}", i % 2 == 0 ? "ru" : "en");
            (string, string)[] headers = [("User-Agent", agent), (Api.AddressHeader, address), ("Accept-Language", language)];
            await Client.ReadAsync(HttpMethod.Post, "/send-code", System.Net.Http.Json.JsonContent.Create(new { phoneNumber }), headers);
            var message = await Api.Inbox.NextAsync(phoneNumber);
            var body = System.Net.Http.Json.JsonContent.Create(new { phoneNumber, code = message.Code, deviceName });
            var answer = await Client.ReadAsync(HttpMethod.Post, "/verify-code", body, headers);
            var session = (await Api.ClientWith(answer.Json.Text("accessToken")).ReadAsync(HttpMethod.Get, "/sessions")).Json[0];
            return (message.Language, session.Text("userAgent"), session.Text("ipAddress"), session.Text("deviceName")) == (language, agent, address, deviceName);
        })));
        Assert.That(found, Is.All.True);
    }

    [Test]
    public async Task A_user_agent_is_kept_only_as_far_as_it_may_be_shown()
    {
        var person = await Api.SignInAsync();
        var nasty = "\u001b[2Jcls\u009b31m\u202e\u2028\ud83d\ude00" + new string('x', 300);
        var answer = await SignInAgainAsync(person, null, ("User-Agent", nasty));
        var kept = (await answer.Client.ReadAsync(HttpMethod.Get, "/sessions")).Json[0].Text("userAgent");
        Assert.That(kept, Does.StartWith("?[2Jcls?31m??\ud83d\ude00xxx"));
        Assert.That(kept, Has.Length.EqualTo(256));
    }

    [Test]
    public async Task A_user_agent_is_never_cut_through_a_character()
    {
        var person = await Api.SignInAsync();
        var answer = await SignInAgainAsync(person, null, ("User-Agent", new string('x', 255) + "\ud83d\ude00"));
        Assert.That((await answer.Client.ReadAsync(HttpMethod.Get, "/sessions")).Json[0].Text("userAgent"), Is.EqualTo(new string('x', 255)));
    }

    [Test]
    public async Task Signing_out_ends_this_session_alone()
    {
        var person = await Api.SignInAsync();
        var other = await SignInAgainAsync(person);
        Assert.That((await person.Client.PostAsync("/sign-out")).Status, Is.EqualTo(HttpStatusCode.NoContent));
        await AssertEndedAsync(person);
        await AssertLiveAsync(other);
    }

    [Test]
    public async Task One_session_can_be_ended_from_another_and_the_current_one_too()
    {
        var person = await Api.SignInAsync();
        var (second, third) = (await SignInAgainAsync(person), await SignInAgainAsync(person));
        Assert.That((await EndAsync(person, second.SessionId)).Status, Is.EqualTo(HttpStatusCode.NoContent));
        await AssertEndedAsync(second);
        Assert.That((await EndAsync(person, person.SessionId)).Status, Is.EqualTo(HttpStatusCode.NoContent));
        await AssertEndedAsync(person);
        await AssertLiveAsync(third);
    }

    [Test]
    public async Task Any_other_id_is_not_found_be_it_somebody_elses_or_nobodys()
    {
        var (person, other) = (await Api.SignInAsync(), await Api.SignInAsync());
        var answers = new List<Answer>();
        foreach (var id in new[] { other.SessionId.ToString(), Guid.NewGuid().ToString(), "1", "{" + person.SessionId + "}", person.SessionId.ToString("N"), "+79001234567" })
        {
            answers.Add(await person.Client.ReadAsync(HttpMethod.Delete, "/sessions/" + id));
        }

        Assert.That(answers.Select(answer => (answer.Status, answer.Code)), Is.All.EqualTo((HttpStatusCode.NotFound, "session_not_found")));
        await AssertLiveAsync(other);
        await AssertLiveAsync(person);
    }

    [Test]
    public async Task All_but_this_one_can_be_ended_at_once()
    {
        var person = await Api.SignInAsync();
        var others = new[] { await SignInAgainAsync(person), await SignInAgainAsync(person) };
        var stranger = await Api.SignInAsync();
        Assert.That((await person.Client.ReadAsync(HttpMethod.Delete, "/sessions")).Status, Is.EqualTo(HttpStatusCode.NoContent));
        foreach (var other in others)
        {
            await AssertEndedAsync(other);
        }

        Assert.That((await person.Client.ReadAsync(HttpMethod.Get, "/sessions")).Json.GetArrayLength(), Is.EqualTo(1));
        await AssertLiveAsync(person);
        await AssertLiveAsync(stranger);
    }

    [Test]
    public async Task Whoever_is_blocked_is_out_at_once_and_comes_in_again_only_unblocked_and_signing_in()
    {
        var person = await Api.SignInAsync();
        var other = await SignInAgainAsync(person);
        await ChangeAsync(person, UserAction.Block);
        await AssertEndedAsync(person);
        await AssertEndedAsync(other);

        Api.Clock.Advance(TimeSpan.FromMinutes(15));
        var code = await Api.RequestCodeAsync(person.PhoneNumber);
        Assert.That((await Client.VerifyCodeAsync(person.PhoneNumber, Calls.Wrong(code))).Code, Is.EqualTo("code_invalid"), "Only who proves the number learns that it is blocked.");
        var refused = await Client.VerifyCodeAsync(person.PhoneNumber, code);
        Assert.That((refused.Status, refused.Code), Is.EqualTo((HttpStatusCode.Forbidden, "user_blocked")));
        Assert.That((await Client.VerifyCodeAsync(person.PhoneNumber, code)).Code, Is.EqualTo("code_expired"));

        await ChangeAsync(person, UserAction.Unblock);
        await AssertEndedAsync(person);
        Api.Clock.Advance(TimeSpan.FromMinutes(15));
        await AssertLiveAsync(await Api.SignInAsync(person.PhoneNumber));
    }

    [Test]
    public async Task A_block_among_sign_ins_leaves_no_session_behind()
    {
        for (var round = 0; round < 5; round++)
        {
            var person = await Api.SignInAsync();
            Api.Clock.Advance(TimeSpan.FromMinutes(15));
            var code = await Api.RequestCodeAsync(person.PhoneNumber);
            await Task.WhenAll(Client.VerifyCodeAsync(person.PhoneNumber, code), ChangeAsync(person, UserAction.Block), Client.PostAsync("/refresh-token", new { refreshToken = person.RefreshToken }));
            await using var database = Api.Database.Open();
            Assert.That(database.Sessions.Count(session => session.UserId == person.UserId), Is.Zero);
        }
    }

    [Test]
    public async Task A_block_waits_for_the_sign_in_that_is_under_way_and_ends_its_session_too()
    {
        var person = await Api.SignInAsync();
        await using var signIn = Api.Services.CreateAsyncScope();
        var services = signIn.ServiceProvider;
        await services.GetRequiredService<IVerificationCodeRepository>().LockAsync(PhoneNumber.FromStorage(person.PhoneNumber), default);
        var block = ChangeAsync(person, UserAction.Block);
        await Api.Database.UntilBlockedAsync(block);
        services.GetRequiredService<ISessionRepository>().Add(
            Session.Open(Guid.CreateVersion7(), person.UserId, new byte[32], new Device(null, null, null), Api.Clock.Now, new SessionPolicy()));
        Assert.That(await services.GetRequiredService<IUnitOfWork>().SaveAsync(default), Is.True);
        await block;
        await using var database = Api.Database.Open();
        Assert.That(database.Sessions.Count(session => session.UserId == person.UserId), Is.Zero);
    }

    [Test]
    public async Task Whom_an_operator_signs_out_is_out_everywhere_and_may_come_in_again()
    {
        var person = await Api.SignInAsync();
        await ChangeAsync(person, UserAction.SignOut);
        await AssertEndedAsync(person);
        Api.Clock.Advance(TimeSpan.FromMinutes(2));
        await AssertLiveAsync(await Api.SignInAsync(person.PhoneNumber));
    }

    /// <summary>The token pair is dead, here, at once: on every protected call there is.</summary>
    private async Task AssertEndedAsync(Person person)
    {
        foreach (var (method, path) in Calls.Protected(person.PhoneNumber, person.SessionId))
        {
            var answer = await person.Client.ReadAsync(method, path);
            Assert.That((answer.Status, answer.Code), Is.EqualTo((HttpStatusCode.Unauthorized, "unauthenticated")), $"{method} {path}");
        }

        var refresh = await Client.PostAsync("/refresh-token", new { refreshToken = person.RefreshToken });
        Assert.That((refresh.Status, refresh.Code), Is.EqualTo((HttpStatusCode.Unauthorized, "refresh_token_invalid")));
    }

    private static async Task AssertLiveAsync(Person person) => Assert.That((await person.ProfileAsync()).Status, Is.EqualTo(HttpStatusCode.OK));

    private static Task<Answer> EndAsync(Person person, Guid id) => person.Client.ReadAsync(HttpMethod.Delete, "/sessions/" + id);

    private async Task ChangeAsync(Person person, UserAction action)
    {
        await using var scope = Api.Services.CreateAsyncScope();
        Assert.That((await scope.ServiceProvider.GetRequiredService<IMediator>().Send(new ChangeUserCommand(person.PhoneNumber, action))).IsSuccess, Is.True);
    }

    private async Task<Person> SignInAgainAsync(Person person, string? deviceName = null, params (string Name, string Value)[] headers)
    {
        Api.Clock.Advance(TimeSpan.FromMinutes(15));
        var phoneNumber = person.PhoneNumber;
        var body = System.Net.Http.Json.JsonContent.Create(new { phoneNumber, code = await Api.RequestCodeAsync(phoneNumber), deviceName });
        var answer = await Client.ReadAsync(HttpMethod.Post, "/verify-code", body, headers);
        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK), answer.Body);
        return new Person(phoneNumber, Api.ClientWith(answer.Json.Text("accessToken")), answer.Json);
    }
}
