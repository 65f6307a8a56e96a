using System.Net;
using PhoneAuth.Testing;
using PhoneAuth.WebApi.Tests.Harness;

namespace PhoneAuth.WebApi.Tests.Seen;

[Parallelizable(ParallelScope.Self)]
internal sealed class ExportTests
{
    private const string Number = "+79005550001";

    [Test]
    public async Task A_collector_receives_metrics_traces_and_logs_under_their_standard_names_and_no_secret()
    {
        await using var database = await TestDatabase.CreateAsync(DatabaseKind.PostgreSql);
        await using var collector = await Collector.StartAsync();
        await using var service = ServiceProcess.Serve(
            database.ConnectionString,
            ("OTEL_EXPORTER_OTLP_ENDPOINT", collector.Url),
            ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"),
            ("OTEL_RESOURCE_ATTRIBUTES", "deployment.environment.name=rehearsal"));
        await service.ReadyAsync();
        using var client = service.CreateClient();
        var sent = await client.SendCodeAsync(Number);
        Assert.That(sent.Status, Is.EqualTo(HttpStatusCode.Accepted), sent.Body);
        var code = await ReadCodeAsync(client);
        var answer = await client.VerifyCodeAsync(Number, code);
        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK), answer.Body);
        await client.ReadAsync(HttpMethod.Get, "/profile/" + Number, null, ("Authorization", "Bearer " + answer.Json.Text("accessToken")));
        service.Terminate();
        Assert.That(await service.EndAsync(), Is.Zero);

        var (metrics, traces, logs) = (collector.Of("metrics"), collector.Of("traces"), collector.Of("logs"));
        Assert.Multiple(() =>
        {
            foreach (var signal in new[] { metrics, traces, logs })
            {
                foreach (var word in new[] { "service.name", "phoneauth", "service.version", "service.instance.id", "deployment.environment.name", "rehearsal" })
                {
                    Assert.That(signal, Does.Contain(word));
                }

                Assert.That(signal, Does.Not.Contain(Number[1..]));
                Assert.That(signal, Does.Not.Contain(answer.Json.Text("refreshToken")));
                Assert.That(signal, Does.Not.Contain(answer.Json.Text("accessToken")));
            }

            foreach (var name in new[]
            {
                "phoneauth.codes.sent", "phoneauth.codes.verified", "phoneauth.codes.time_to_verify", "http.server.request.duration",
                "kestrel.active_connections", "db.client.operation.duration", "dotnet.process.memory.working_set",
            })
            {
                Assert.That(metrics, Does.Contain(name));
            }

            foreach (var name in new[] { "GET /profile/{phoneNumber}", "VerifyCodeCommand", "sms.send", "http.response.status_code", "db.query.text" })
            {
                Assert.That(traces, Does.Contain(name));
            }

            Assert.That(logs, Does.Contain("VerifyCodeCommand ok in"));
        });
    }

    [Test]
    public async Task A_collector_that_is_no_url_stops_the_start_with_one_line()
    {
        await using var database = await TestDatabase.CreateAsync(DatabaseKind.Sqlite);
        await using var service = ServiceProcess.Serve(database.ConnectionString, ("OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4317x"));
        Assert.That(await service.EndAsync(), Is.EqualTo(1));
        Assert.That(service.Output, Does.Contain("OTEL_EXPORTER_OTLP_ENDPOINT"));
    }

    /// <summary>The text lies in the inbox a moment after the answer: the question is asked until it does.</summary>
    private static async Task<string> ReadCodeAsync(HttpClient client)
    {
        var code = "";
        await ServiceProcess.UntilAsync(
            async () =>
            {
                var inbox = await client.ReadAsync(HttpMethod.Get, "/dev/messages?phoneNumber=" + Uri.EscapeDataString(Number));
                code = inbox.Json.GetArrayLength() > 0 ? inbox.Json[0].Text("code") : "";
                return code.Length > 0;
            },
            "No text has come.");
        return code;
    }
}
