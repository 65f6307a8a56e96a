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

    private static async Task<string> NotADatabaseAsync()
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, new string('x', 4096));
        return file;
    }
}
