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
}
