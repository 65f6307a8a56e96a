using System.Net;
using PhoneAuth.Testing;

namespace PhoneAuth.Resilience.Tests.Harness;

/// <summary>What callers see while something is missing, and once it is there again.</summary>
internal static class Availability
{
    /// <summary>The process lives, is not ready, and puts everybody off.</summary>
    public static async Task AssertGoneAsync(ServiceProcess service, HttpClient client)
    {
        Assert.That(await service.StatusAsync(client, "/health/live"), Is.EqualTo(HttpStatusCode.OK));
        Assert.That(await service.StatusAsync(client, "/health/ready"), Is.EqualTo(HttpStatusCode.ServiceUnavailable));
        var send = await client.SendCodeAsync(Calls.NewNumber());
        Assert.That(send.Status, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
        AssertServedOrPutOff([send]);
    }

    /// <summary>While nothing can be written what is known is still told and changes are put off; then the same process serves again.</summary>
    public static async Task AssertPutsOffAsync(ServiceProcess service, HttpClient client, Func<Task> begin, Func<Task> end)
    {
        var person = await SignInAsync(client);
        await begin();
        await AssertReadsOnlyAsync(service, client, person);
        await end();
        await AssertBackAsync(service, client);
    }

    /// <summary>The process lives and is ready to tell what it knows, and puts off who wants to change it.</summary>
    private static async Task AssertReadsOnlyAsync(ServiceProcess service, HttpClient client, Answer person)
    {
        // The connections of before may have been broken: the first to use one finds out.
        await service.ReadyAsync();
        await ServiceProcess.UntilAsync(async () => (await client.AskAsync(HttpMethod.Get, "/profile", person.Json.Text("accessToken"))).Status is HttpStatusCode.OK, "It tells nothing.");
        await ServiceProcess.UntilAsync(async () => (await client.SendCodeAsync(Calls.NewNumber())).Status is HttpStatusCode.ServiceUnavailable, "It goes on writing.");
        var answers = await Task.WhenAll(
            client.SendCodeAsync(Calls.NewNumber()),
            client.PostAsync("/refresh-token", new { refreshToken = person.Json.Text("refreshToken") }));
        Assert.That(await service.StatusAsync(client, "/health/live"), Is.EqualTo(HttpStatusCode.OK));
        AssertServedOrPutOff(answers);
    }

    /// <summary>The same process serves again, by itself.</summary>
    public static async Task AssertBackAsync(ServiceProcess service, HttpClient client, StubGateway? gateway = null)
    {
        await service.ReadyAsync();
        await ServiceProcess.UntilAsync(async () => (await client.SendCodeAsync(Calls.NewNumber())).Status is HttpStatusCode.Accepted, "It does not serve again.");
        var person = await SignInAsync(client, gateway);
        Assert.That((await client.AskAsync(HttpMethod.Get, "/profile", person.Json.Text("accessToken"))).Status, Is.EqualTo(HttpStatusCode.OK));
    }

    /// <summary>No answer is a fault of the service: it is served, or it is 503 and says when to come back.</summary>
    public static void AssertServedOrPutOff(IEnumerable<Answer> answers) => Assert.Multiple(() =>
    {
        foreach (var answer in answers.Where(answer => (int)answer.Status >= 300))
        {
            Assert.That((answer.Status, answer.Code), Is.EqualTo((HttpStatusCode.ServiceUnavailable, "unavailable")), answer.Body);
            Assert.That(answer.Headers.RetryAfter?.Delta, Is.GreaterThan(TimeSpan.Zero));
        }
    });

    /// <summary>Signs somebody new in, with the code from the inbox or from the gateway.</summary>
    public static async Task<Answer> SignInAsync(HttpClient client, StubGateway? gateway = null)
    {
        var number = Calls.NewNumber();
        var arriving = gateway?.NextAsync(number);
        var sent = await client.SendCodeAsync(number);
        Assert.That(sent.Status, Is.EqualTo(HttpStatusCode.Accepted), sent.Body);
        var verified = await client.VerifyCodeAsync(number, arriving is null ? await client.InboxAsync(number) : (await arriving).Code);
        Assert.That(verified.Status, Is.EqualTo(HttpStatusCode.OK), verified.Body);
        return verified;
    }

    private static async Task<string> InboxAsync(this HttpClient client, string number)
    {
        Answer inbox = null!;
        await ServiceProcess.UntilAsync(
            async () => (inbox = await client.ReadAsync(HttpMethod.Get, "/dev/messages?phoneNumber=" + Uri.EscapeDataString(number))).Json.GetArrayLength() > 0, "No text arrives.");
        return inbox.Json[0].Text("code");
    }
}
