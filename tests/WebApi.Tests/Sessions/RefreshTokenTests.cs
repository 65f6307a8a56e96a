using System.Net;
using PhoneAuth.Testing;
using PhoneAuth.WebApi.Tests.Harness;

namespace PhoneAuth.WebApi.Tests.Sessions;

[OnBothDatabases]
internal sealed class RefreshTokenTests(DatabaseKind kind) : ApiTest(kind)
{
    [Test]
    public async Task A_refresh_token_gives_the_next_pair()
    {
        var person = await Api.SignInAsync();
        Api.Clock.Advance(TimeSpan.FromMinutes(9));
        var next = await RefreshAsync(person.RefreshToken);
        Assert.That(next.Status, Is.EqualTo(HttpStatusCode.OK), next.Body);
        Assert.Multiple(() =>
        {
            Assert.That(
                next.Json.EnumerateObject().Select(member => member.Name),
                Is.EqualTo(new[] { "tokenType", "accessToken", "expiresIn", "refreshToken", "refreshTokenExpiresAt" }));
            Assert.That(next.Json.Text("tokenType"), Is.EqualTo("Bearer"));
            Assert.That(next.Json.GetProperty("expiresIn").GetInt32(), Is.EqualTo(600));
            Assert.That(next.Json.Text("refreshToken"), Is.Not.EqualTo(person.RefreshToken));
            Assert.That(next.Json.Text("refreshTokenExpiresAt"), Is.EqualTo(Calls.Utc(Api.Clock.Now.AddDays(30))));
        });
        Assert.That(await MayAsync(next.Json.Text("accessToken")), Is.True);
    }

    [Test]
    public async Task For_thirty_seconds_the_last_token_gives_the_same_successor_with_a_fresh_access_token()
    {
        var person = await Api.SignInAsync();
        var first = await RefreshAsync(person.RefreshToken);
        Api.Clock.Advance(TimeSpan.FromSeconds(30));
        var second = await RefreshAsync(person.RefreshToken);
        Assert.That(second.Status, Is.EqualTo(HttpStatusCode.OK), second.Body);
        Assert.That(second.Json.Text("refreshToken"), Is.EqualTo(first.Json.Text("refreshToken")));
        Assert.That(Jwt.Payload(second.Json.Text("accessToken")).GetProperty("exp").GetInt64(), Is.EqualTo(Api.Clock.Now.AddMinutes(10).ToUnixTimeSeconds()));
        Assert.That(await MayAsync(second.Json.Text("accessToken")), Is.True);
        Assert.That((await RefreshAsync(second.Json.Text("refreshToken"))).Status, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task After_the_grace_the_last_token_ends_the_session()
    {
        var person = await Api.SignInAsync();
        var next = await RefreshAsync(person.RefreshToken);
        Api.Clock.Advance(TimeSpan.FromSeconds(30) + TimeSpan.FromMicroseconds(1));
        await AssertEndsAsync(person.RefreshToken, next.Json);
    }

    [Test]
    public async Task Once_its_successor_was_used_a_token_ends_the_session_however_soon()
    {
        var person = await Api.SignInAsync();
        var second = await RefreshAsync(person.RefreshToken);
        var third = await RefreshAsync(second.Json.Text("refreshToken"));
        await AssertEndsAsync(person.RefreshToken, third.Json);
    }

    [Test]
    public async Task A_hundred_refreshes_at_once_at_two_instances_leave_one_successor()
    {
        await using var other = Api.StartAnother();
        var person = await Api.SignInAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(i =>
            (i % 2 == 0 ? Client : other.Client).PostAsync("/refresh-token", new { refreshToken = person.RefreshToken })));
        Assert.That(answers.Select(answer => answer.Status), Is.All.EqualTo(HttpStatusCode.OK));
        var successor = answers.Select(answer => answer.Json.Text("refreshToken")).Distinct(StringComparer.Ordinal).Single();
        Assert.That((await RefreshAsync(successor)).Status, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task A_session_that_is_idle_for_thirty_days_ends()
    {
        var person = await Api.SignInAsync();
        Api.Clock.Advance(TimeSpan.FromDays(30) - TimeSpan.FromMicroseconds(1));
        var next = await RefreshAsync(person.RefreshToken);
        Assert.That(next.Status, Is.EqualTo(HttpStatusCode.OK));
        Api.Clock.Advance(TimeSpan.FromDays(30));
        await AssertRefusedAsync(next.Json.Text("refreshToken"));
    }

    [Test]
    public async Task However_often_it_is_used_a_session_ends_after_ninety_days()
    {
        var person = await Api.SignInAsync();
        var (end, token, expiresAt) = (Api.Clock.Now.AddDays(90), person.RefreshToken, "");
        for (var time = 0; time < 4; time++)
        {
            Api.Clock.Advance(TimeSpan.FromDays(20));
            var next = await RefreshAsync(token);
            (token, expiresAt) = (next.Json.Text("refreshToken"), next.Json.Text("refreshTokenExpiresAt"));
        }

        Assert.That(expiresAt, Is.EqualTo(Calls.Utc(end)));
        Api.Clock.Advance(TimeSpan.FromDays(10) - TimeSpan.FromSeconds(1));
        var last = await RefreshAsync(token);
        Assert.That(last.Json.Text("refreshTokenExpiresAt"), Is.EqualTo(Calls.Utc(end)));
        Assert.That(await MayAsync(last.Json.Text("accessToken")), Is.True);
        Api.Clock.Advance(TimeSpan.FromSeconds(1));
        await AssertRefusedAsync(last.Json.Text("refreshToken"));
        Assert.That(await MayAsync(last.Json.Text("accessToken")), Is.False);
    }

    [Test]
    public async Task What_was_never_given_out_is_refused_and_ends_nothing()
    {
        var person = await Api.SignInAsync();
        var token = person.RefreshToken;
        for (var at = 0; at < token.Length; at++)
        {
            await AssertRefusedAsync(token[..at] + (token[at] == 'A' ? 'B' : 'A') + token[(at + 1)..]);
        }

        // Four bits of the last character are beyond the last byte: to a lenient decoder sixteen texts are one token.
        foreach (var last in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".Where(last => last != token[^1]))
        {
            await AssertRefusedAsync(token[..^1] + last);
        }

        foreach (var forged in new[] { token[..^1], token + "A", token + "=", " " + token, token.ToUpperInvariant(), person.AccessToken[..400], new string('A', 86), "☎" })
        {
            await AssertRefusedAsync(forged);
        }

        Assert.That((await RefreshAsync(token)).Status, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Empty_or_over_512_characters_is_not_well_formed()
    {
        foreach (var json in new[] { "{}", """{"refreshToken":null}""", """{"refreshToken":""}""", $$"""{"refreshToken":"{{new string('A', 513)}}"}""" })
        {
            var answer = await Client.PostTextAsync("/refresh-token", json);
            Assert.That((answer.Status, answer.Code), Is.EqualTo((HttpStatusCode.BadRequest, "validation_failed")));
            Assert.That(answer.Json.GetProperty("errors").TryGetProperty("refreshToken", out _), Is.True);
        }

        await AssertRefusedAsync(new string('A', 512));
    }

    [Test]
    public async Task The_database_holds_no_token()
    {
        var person = await Api.SignInAsync();
        await RefreshAsync(person.RefreshToken);
        await using var database = Api.Database.Open();
        var session = database.Sessions.AsEnumerable().Single(session => session.Id == person.SessionId);
        var token = System.Text.Encoding.ASCII.GetBytes(person.RefreshToken);
        Assert.That(session.TokenHash, Has.Length.EqualTo(32).And.Not.EqualTo(System.Security.Cryptography.SHA256.HashData(token)));
        Assert.That(session.PreviousTokenHash, Has.Length.EqualTo(32).And.Not.EqualTo(System.Security.Cryptography.SHA256.HashData(token)));
    }

    private Task<Answer> RefreshAsync(string refreshToken) => Client.PostAsync("/refresh-token", new { refreshToken });

    private async Task<bool> MayAsync(string accessToken) => (await Api.ClientWith(accessToken).ReadAsync(HttpMethod.Get, "/profile")).Status == HttpStatusCode.OK;

    private async Task AssertRefusedAsync(string refreshToken)
    {
        var answer = await RefreshAsync(refreshToken);
        Assert.That((answer.Status, answer.Code), Is.EqualTo((HttpStatusCode.Unauthorized, "refresh_token_invalid")), refreshToken);
        Assert.That(answer.Headers.WwwAuthenticate.ToString(), Is.EqualTo("Bearer"));
    }

    /// <summary>Using the old token is refused, and so is from then on everything of the newest pair.</summary>
    private async Task AssertEndsAsync(string oldToken, System.Text.Json.JsonElement newest)
    {
        Assert.That(await MayAsync(newest.Text("accessToken")), Is.True);
        await AssertRefusedAsync(oldToken);
        Assert.That(await MayAsync(newest.Text("accessToken")), Is.False);
        await AssertRefusedAsync(newest.Text("refreshToken"));
    }
}
