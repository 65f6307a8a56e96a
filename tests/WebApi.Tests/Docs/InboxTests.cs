using System.Net;
using Microsoft.Extensions.DependencyInjection;
using PhoneAuth.Infrastructure.Sms;
using PhoneAuth.Testing;
using PhoneAuth.WebApi.Tests.Harness;

namespace PhoneAuth.WebApi.Tests.Docs;

internal sealed class InboxTests() : ApiTest(DatabaseKind.Sqlite)
{
    [TestCase("+79051110001")]
    [TestCase("%2B79051110001")]
    [TestCase("79051110001")]
    [TestCase("8%20(905)%20111-00-01")]
    public async Task Messages_of_one_number_are_found_in_any_spelling(string spelling)
    {
        var inbox = Api.Services.GetRequiredService<DevInbox>();
        inbox.Add(new InboxMessage("+79051110001", "0427 is your code", "0427", Api.Clock.Now));
        inbox.Add(new InboxMessage("+79051110002", "1111 is your code", "1111", Api.Clock.Now));
        var answer = await Client.ReadAsync(HttpMethod.Get, "/dev/messages?phoneNumber=" + spelling);
        Assert.That(answer.Json[0].EnumerateObject().Select(member => member.Name), Is.EqualTo(new[] { "phoneNumber", "text", "code", "sentAt" }));
        Assert.That(answer.Json.EnumerateArray().Select(message => message.Text("code")), Is.All.EqualTo("0427"));
    }

    [Test]
    public async Task Unless_it_is_on_the_address_does_not_exist()
    {
        await using var api = await Api.StartAsync(DatabaseKind.Sqlite, ("Sms:Simulated:Inbox", "false"));
        var answer = await api.Client.ReadAsync(HttpMethod.Get, "/dev/messages");
        Assert.That((answer.Status, answer.Code), Is.EqualTo((HttpStatusCode.NotFound, "not_found")));
    }

    [Test]
    public async Task The_page_that_shows_it_runs_our_own_files_and_nothing_else()
    {
        var page = await Client.ReadAsync(HttpMethod.Get, "/dev/inbox");
        Assert.That((page.Status, page.ContentHeaders.ContentType?.MediaType), Is.EqualTo((HttpStatusCode.OK, "text/html")));
        Assert.That(page.Headers.GetValues("Content-Security-Policy").Single(), Does.StartWith("default-src 'none'; script-src 'self'; style-src 'self';").And.Not.Contain("unsafe"));
        Assert.That(page.Headers.CacheControl!.NoStore, Is.True);
        Assert.That(page.Body, Does.Not.Match("<style|\\son[a-z]+=|style=|<script(?![^>]*src=)"));
        foreach (var file in new[] { "/js/inbox-page.js", "/css/inbox.css", "/css/base.css", "/favicon.svg" })
        {
            Assert.That(page.Body, Does.Contain($"\"{file}\""));
            Assert.That((await Client.ReadAsync(HttpMethod.Get, file)).Status, Is.EqualTo(HttpStatusCode.OK), file);
        }
    }

    [Test]
    public async Task Unless_it_is_on_there_is_no_page()
    {
        await using var api = await Api.StartAsync(DatabaseKind.Sqlite, ("Sms:Simulated:Inbox", "false"));
        var answer = await api.Client.ReadAsync(HttpMethod.Get, "/dev/inbox");
        Assert.That((answer.Status, answer.Code), Is.EqualTo((HttpStatusCode.NotFound, "not_found")));
    }
}
