using System.Net;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using PhoneAuth.Infrastructure.Security;
using PhoneAuth.Testing;
using PhoneAuth.WebApi.Tests.Harness;

namespace PhoneAuth.WebApi.Tests.Http;

/// <summary>Another service that knows nothing of this one but the issuer's URL, and checks its tokens by itself.</summary>
[OnBothDatabases]
[Parallelizable(ParallelScope.Self)]
internal sealed class ResourceServerTests(DatabaseKind kind)
{
    private Api api = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        api = await Api.StartOnKestrelAsync(kind);

        // The other service lives by the real clock.
        api.Clock.Advance(TimeProvider.System.GetUtcNow() - api.Clock.Now);
    }

    [OneTimeTearDown]
    public async Task StopAsync() => await api.DisposeAsync();

    [Test]
    public async Task It_accepts_our_tokens_and_knows_who_calls()
    {
        await using var server = await StartServerAsync();
        var person = await api.SignInAsync();
        Assert.That(await AskAsync(server, person.AccessToken), Is.EqualTo((HttpStatusCode.OK, person.PhoneNumber + " " + person.UserId)));
    }

    [Test]
    public async Task It_refuses_what_is_not_ours()
    {
        await using var server = await StartServerAsync();
        var person = await api.SignInAsync();
        var parts = person.AccessToken.Split('.');
        await using var stranger = await Api.StartAsync(DatabaseKind.Sqlite, ("Tokens:Issuer", Calls.Local(api.Port)));
        stranger.Clock.Advance(api.Clock.Now - stranger.Clock.Now);
        foreach (var token in new[] { (await stranger.SignInAsync()).AccessToken, parts[0] + "." + parts[1] + ".", Jwt.Encode("""{"alg":"none"}""") + "." + parts[1] + ".", "x" })
        {
            Assert.That((await AskAsync(server, token)).Status, Is.EqualTo(HttpStatusCode.Unauthorized));
        }
    }

    [Test]
    public async Task A_signed_out_token_is_dead_here_at_once_and_there_by_its_end()
    {
        await using var server = await StartServerAsync();
        var person = await api.SignInAsync();
        await person.Client.PostAsync("/sign-out");
        Assert.That((await person.ProfileAsync()).Status, Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That((await AskAsync(server, person.AccessToken)).Status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(Jwt.Payload(person.AccessToken).GetProperty("exp").GetInt64(), Is.LessThanOrEqualTo(api.Clock.Now.AddMinutes(10).ToUnixTimeSeconds()));
    }

    [Test]
    public async Task It_follows_a_change_of_keys()
    {
        await using var server = await StartServerAsync();
        Assert.That((await AskAsync(server, (await api.SignInAsync()).AccessToken)).Status, Is.EqualTo(HttpStatusCode.OK));
        var key = await api.Services.GetRequiredService<SigningKeyRing>().RotateAsync(default);
        var before = api.Clock.Now;
        api.Clock.Advance(SigningKeyRing.PublishDelay);
        var person = await api.SignInAsync();
        api.Clock.Advance(before - api.Clock.Now);
        Assert.That(Jwt.Header(person.AccessToken).Text("kid"), Is.EqualTo(key.Key.KeyId));

        // An unknown key id makes it fetch the set anew, behind the answer.
        var status = HttpStatusCode.Unauthorized;
        for (var time = 0; time < 2000 && status != HttpStatusCode.OK; time++)
        {
            (status, _) = await AskAsync(server, person.AccessToken);
        }

        Assert.That(status, Is.EqualTo(HttpStatusCode.OK));
    }

    private static async Task<(HttpStatusCode Status, string Body)> AskAsync(WebApplication server, string token)
    {
        using var client = new HttpClient { BaseAddress = new Uri(server.Urls.Single()) };
        client.DefaultRequestHeaders.Authorization = new("Bearer", token);
        using var answer = await client.GetAsync("/whoami");
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    private async Task<WebApplication> StartServerAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.AddAuthorization();
        builder.Services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme).AddJwtBearer(bearer =>
        {
            bearer.Authority = Calls.Local(api.Port);
            bearer.Audience = "phoneauth";
            bearer.RequireHttpsMetadata = false;
            bearer.MapInboundClaims = false;
        });
        var server = builder.Build();
        server.UseAuthentication();
        server.UseAuthorization();
        server.MapGet("/whoami", (ClaimsPrincipal user) => user.FindFirstValue("phone_number") + " " + user.FindFirstValue("sub")).RequireAuthorization();
        await server.StartAsync();
        return server;
    }
}
