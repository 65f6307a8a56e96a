using System.Net;
using PhoneAuth.Testing;
using PhoneAuth.WebApi.Tests.Harness;

namespace PhoneAuth.WebApi.Tests.Http;

/// <summary>What was good once is not good twice, at the other instance as little as at this one.</summary>
[OnBothDatabases]
internal sealed class ReplayTests(DatabaseKind kind) : ApiTest(kind)
{
    private Api other = null!;

    [OneTimeSetUp]
    public void StartAnother() => other = Api.StartAnother();

    [OneTimeTearDown]
    public async Task StopAnotherAsync() => await other.DisposeAsync();

    [Test]
    public async Task A_code_that_signed_in()
    {
        var number = Calls.NewNumber();
        var code = await Api.RequestCodeAsync(number);
        Assert.That((await Client.VerifyCodeAsync(number, code)).Status, Is.EqualTo(HttpStatusCode.OK));
        await AssertEverywhereAsync("code_expired", client => client.VerifyCodeAsync(number, code));
    }

    [Test]
    public async Task A_code_that_another_replaced()
    {
        var number = Calls.NewNumber();
        var old = await Api.RequestCodeAsync(number);
        Api.Clock.Advance(TimeSpan.FromMinutes(1));
        var code = await Api.RequestCodeAsync(number);
        if (code != old)
        {
            await AssertEverywhereAsync("code_invalid", client => client.VerifyCodeAsync(number, old));
        }

        Assert.That((await other.Client.VerifyCodeAsync(number, code)).Status, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task A_code_of_another_number()
    {
        var (number, victim) = (Calls.NewNumber(), Calls.NewNumber());
        var code = await Api.RequestCodeAsync(number);
        await AssertEverywhereAsync("code_expired", client => client.VerifyCodeAsync(victim, code));
    }

    [Test]
    public async Task A_refresh_token_long_after_its_use()
    {
        var person = await Api.SignInAsync();
        await other.Client.PostAsync("/refresh-token", new { refreshToken = person.RefreshToken });
        Api.Clock.Advance(TimeSpan.FromMinutes(1));
        await AssertEverywhereAsync("refresh_token_invalid", client => client.PostAsync("/refresh-token", new { refreshToken = person.RefreshToken }));
    }

    [Test]
    public async Task Both_tokens_after_signing_out()
    {
        var person = await Api.SignInAsync();
        await person.Client.PostAsync("/sign-out");
        await AssertEverywhereAsync("refresh_token_invalid", client => client.PostAsync("/refresh-token", new { refreshToken = person.RefreshToken }));
        await AssertDeadAsync(person.AccessToken);
    }

    [Test]
    public async Task An_access_token_of_the_pair_before_dies_with_its_session()
    {
        var person = await Api.SignInAsync();
        var next = (await Client.PostAsync("/refresh-token", new { refreshToken = person.RefreshToken })).Json;
        await other.ClientWith(next.Text("accessToken")).PostAsync("/sign-out");
        await AssertDeadAsync(person.AccessToken);
        await AssertDeadAsync(next.Text("accessToken"));
    }

    [Test]
    public async Task An_access_token_after_the_account_went_and_came_back()
    {
        var person = await Api.SignInAsync();
        await person.Client.ReadAsync(HttpMethod.Delete, person.ProfilePath);
        await AssertDeadAsync(person.AccessToken);
        Api.Clock.Advance(TimeSpan.FromMinutes(2));
        await Api.SignInAsync(person.PhoneNumber);
        await AssertDeadAsync(person.AccessToken);
        await AssertEverywhereAsync("refresh_token_invalid", client => client.PostAsync("/refresh-token", new { refreshToken = person.RefreshToken }));
    }

    [Test]
    public async Task An_invite_code_that_was_activated()
    {
        var (owner, person) = (await Api.SignInAsync(), await Api.SignInAsync());
        await person.ActivateAsync(owner.InviteCode);
        Assert.That((await other.ClientWith(person.AccessToken).PostAsync(person.ProfilePath, new { inviteCode = owner.InviteCode })).Code, Is.EqualTo("invite_code_already_activated"));
        Assert.That((await owner.ProfileAsync()).Json.GetProperty("invitedUsersCount").GetInt32(), Is.EqualTo(1));
    }

    private async Task AssertEverywhereAsync(string code, Func<HttpClient, Task<Answer>> call)
    {
        foreach (var client in new[] { Client, other.Client })
        {
            Assert.That((await call(client)).Code, Is.EqualTo(code));
        }
    }

    private async Task AssertDeadAsync(string accessToken)
    {
        foreach (var api in new[] { Api, other })
        {
            Assert.That((await api.ClientWith(accessToken).ReadAsync(HttpMethod.Get, "/profile")).Code, Is.EqualTo("unauthenticated"));
        }
    }
}
