using System.Net;
using PhoneAuth.Testing;
using PhoneAuth.WebApi.Tests.Harness;

namespace PhoneAuth.WebApi.Tests.Http;

/// <summary>That a token was accepted once makes it live no longer.</summary>
[OnBothDatabases]
internal sealed class RememberedTokenTests(DatabaseKind kind) : ApiTest(kind)
{
    [Test]
    public async Task A_token_that_was_accepted_dies_at_its_end_all_the_same()
    {
        await using var api = await Api.StartAsync(Kind);
        var person = await api.SignInAsync();
        foreach (var call in new[] { "signed here", "signed here, and used before", "found remembered" })
        {
            Assert.That((await person.ProfileAsync()).Status, Is.EqualTo(HttpStatusCode.OK), call);
        }

        api.Clock.Advance(TimeSpan.FromSeconds((10 * 60) + 31));
        Assert.That((await person.ProfileAsync()).Status, Is.EqualTo(HttpStatusCode.Unauthorized));
    }

    [Test]
    public async Task A_token_that_was_signed_here_and_never_used_dies_at_its_end_too()
    {
        await using var api = await Api.StartAsync(Kind);
        var person = await api.SignInAsync();
        api.Clock.Advance(TimeSpan.FromSeconds((10 * 60) + 31));
        Assert.That((await person.ProfileAsync()).Status, Is.EqualTo(HttpStatusCode.Unauthorized));
    }

    [Test]
    public async Task A_token_that_was_signed_here_is_found_again_letter_by_letter_alone()
    {
        var (one, other) = (await Api.SignInAsync(), await Api.SignInAsync());
        var (own, others) = (one.AccessToken.Split('.'), other.AccessToken.Split('.'));
        foreach (var mixed in new[] { $"{own[0]}.{own[1]}.{others[2]}", $"{own[0]}.{others[1]}.{own[2]}", one.AccessToken + "A" })
        {
            Assert.That((await Api.ClientWith(mixed).ReadAsync(HttpMethod.Get, one.ProfilePath)).Status, Is.EqualTo(HttpStatusCode.Unauthorized));
        }
    }

    [Test]
    public async Task A_token_that_was_accepted_ends_with_its_session()
    {
        var person = await Api.SignInAsync();
        Assert.That((await person.ProfileAsync()).Status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That((await person.Client.ReadAsync(HttpMethod.Post, "/sign-out")).Status, Is.EqualTo(HttpStatusCode.NoContent));
        Assert.That((await person.ProfileAsync()).Status, Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That((await person.Client.ReadAsync(HttpMethod.Get, "/profile/+79990000000")).Status, Is.EqualTo(HttpStatusCode.Unauthorized), "before it is asked whose");
    }
}
