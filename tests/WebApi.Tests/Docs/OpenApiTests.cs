using System.Net;
using System.Text.Json;
using PhoneAuth.Testing;
using PhoneAuth.WebApi.Tests.Harness;

namespace PhoneAuth.WebApi.Tests.Docs;

internal sealed class OpenApiTests() : ApiTest(DatabaseKind.Sqlite)
{
    [Test]
    public async Task The_document_that_is_checked_in_is_the_one_that_is_served()
    {
        var served = await Client.ReadAsync(HttpMethod.Get, "/openapi/v1.json");
        var checkedIn = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(Repository.Root, "openapi", "v1.json")));
        Assert.That(JsonElement.DeepEquals(served.Json, checkedIn.RootElement), Is.True, "Build locally and commit openapi/v1.json.");
    }

    [Test]
    public async Task It_is_OpenAPI_3_0_with_the_summaries_of_the_contract()
    {
        var document = (await Client.ReadAsync(HttpMethod.Get, "/openapi/v1.json")).Json;
        var paths = document.GetProperty("paths");
        Assert.Multiple(() =>
        {
            Assert.That(document.Text("openapi"), Does.StartWith("3.0"));
            Assert.That(paths.GetProperty("/send-code").GetProperty("post").Text("summary"), Is.EqualTo("Send Code"));
            Assert.That(paths.GetProperty("/verify-code").GetProperty("post").Text("summary"), Is.EqualTo("Verify Code"));
            Assert.That(paths.GetProperty("/profile/{phoneNumber}").GetProperty("get").Text("summary"), Is.EqualTo("Profile"));
        });
    }

    [Test]
    public async Task Every_call_is_described_and_every_problem_has_an_example()
    {
        var document = (await Client.ReadAsync(HttpMethod.Get, "/openapi/v1.json")).Json;
        var operations = document.GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject().Select(operation => (Name: $"{operation.Name} {path.Name}", operation.Value))).ToList();
        Assert.That(operations, Has.Count.GreaterThanOrEqualTo(18));
        Assert.Multiple(() =>
        {
            foreach (var (name, operation) in operations)
            {
                Assert.That(operation.Text("description"), Is.Not.Empty, name);
                foreach (var response in operation.GetProperty("responses").EnumerateObject().Where(response => response.Name[0] is '4' or '5'))
                {
                    var examples = response.Value.GetProperty("content").GetProperty("application/problem+json").GetProperty("examples");
                    Assert.That(examples.EnumerateObject().Any(), Is.True, $"{name} {response.Name}");
                }
            }
        });
    }

    [Test]
    public async Task The_documents_are_served_with_their_script_and_nothing_from_elsewhere()
    {
        var page = await Client.ReadAsync(HttpMethod.Get, "/docs");
        var script = await Client.ReadAsync(HttpMethod.Get, "/docs/redoc.standalone.js");
        Assert.That((page.Status, script.Status), Is.EqualTo((HttpStatusCode.OK, HttpStatusCode.OK)));
        Assert.That(page.Body, Does.Not.Contain("http://").And.Not.Contain("https://"));
        Assert.That(page.Body, Does.Contain("""<script type="module" src="/docs/redoc.standalone.js">""").And.Contain("disable-telemetry"));
        Assert.That(script.ContentHeaders.ContentType!.MediaType, Is.EqualTo("text/javascript"));
        Assert.That(script.Body, Does.Contain("spec-url").And.Not.Contain("cdn.redoc.ly"));
    }

    [Test]
    public async Task They_can_be_switched_off()
    {
        await using var api = await Api.StartAsync(DatabaseKind.Sqlite, ("Docs:Enabled", "false"));
        foreach (var path in new[] { "/docs", "/openapi/v1.json" })
        {
            Assert.That((await api.Client.ReadAsync(HttpMethod.Get, path)).Code, Is.EqualTo("not_found"), path);
        }
    }
}
