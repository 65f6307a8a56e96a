using System.Net;
using PhoneAuth.Testing;
using PhoneAuth.WebApi.Tests.Harness;

namespace PhoneAuth.WebApi.Tests.Http;

[OnBothDatabases]
[Parallelizable(ParallelScope.Self)]
internal sealed class UnavailableTests(DatabaseKind kind)
{
    [Test]
    public async Task Without_its_database_the_service_lives_is_not_ready_and_says_so()
    {
        var broken = kind == DatabaseKind.Sqlite ? "Data Source=" + await NotADatabaseAsync() : "Host=127.0.0.1;Port=1;Database=none;Timeout=2";
        await using var api = await Api.StartAsync(kind, ("ConnectionStrings:Database", broken));
        var live = await api.Client.ReadAsync(HttpMethod.Get, "/health/live");
        var ready = await api.Client.ReadAsync(HttpMethod.Get, "/health/ready");
        var send = await api.Client.SendCodeAsync(Calls.NewNumber());
        Assert.That(live.Status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(new[] { (ready.Status, ready.Code), (send.Status, send.Code) }, Is.All.EqualTo((HttpStatusCode.ServiceUnavailable, "unavailable")));
        Assert.That(send.Headers.RetryAfter, Is.Not.Null);
        Assert.That(send.Body, Does.Not.Contain("SQL").And.Not.Contain("127.0.0.1").And.Not.Contain("/tmp"));
    }

    [Test]
    public async Task With_it_the_service_is_ready()
    {
        await using var api = await Api.StartAsync(kind);
        var ready = await api.Client.ReadAsync(HttpMethod.Get, "/health/ready");
        Assert.That((ready.Status, ready.Json.Text("status")), Is.EqualTo((HttpStatusCode.OK, "healthy")));
    }

    [Test]
    public async Task When_its_database_goes_away_the_service_says_so_and_serves_again_when_it_is_back()
    {
        await using var api = await Api.StartAsync(kind);
        var person = await api.SignInAsync();
        await using (await api.Database.TakeAwayAsync())
        {
            var send = await api.Client.SendCodeAsync(Calls.NewNumber());
            Assert.That((send.Status, send.Code, send.Headers.RetryAfter?.Delta > TimeSpan.Zero), Is.EqualTo((HttpStatusCode.ServiceUnavailable, "unavailable", true)), send.Body);
            Assert.That((await api.Client.ReadAsync(HttpMethod.Get, "/health/live")).Status, Is.EqualTo(HttpStatusCode.OK));
            if (kind == DatabaseKind.PostgreSql)
            {
                // SQLite's readers go on while somebody else writes.
                Assert.That((await api.Client.ReadAsync(HttpMethod.Get, "/health/ready")).Status, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
                Assert.That((await person.ProfileAsync()).Code, Is.EqualTo("unavailable"));
            }
        }

        Assert.That((await api.Client.ReadAsync(HttpMethod.Get, "/health/ready")).Status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That((await person.ProfileAsync()).Status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That((await api.SignInAsync()).InviteCode, Has.Length.EqualTo(6));
    }

    private static async Task<string> NotADatabaseAsync()
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, new string('x', 4096));
        return file;
    }
}
