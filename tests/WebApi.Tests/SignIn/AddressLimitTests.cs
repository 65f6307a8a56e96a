using System.Net;
using System.Net.Http.Headers;
using PhoneAuth.Testing;
using PhoneAuth.WebApi.Tests.Harness;

namespace PhoneAuth.WebApi.Tests.SignIn;

/// <summary>What one address may do, whatever the numbers.</summary>
[OnBothDatabases]
internal sealed class AddressLimitTests(DatabaseKind kind) : ApiTest(kind)
{
    private static int addresses;

    [Test]
    public async Task Twenty_sends_an_hour_and_sixty_a_day()
    {
        var (address, start) = (NewAddress(), Api.Clock.Now);
        for (var hour = 0; hour < 3; hour++)
        {
            Assert.That(await SendAsync(address, 20), Is.All.EqualTo(HttpStatusCode.Accepted));
            AssertTooMany(await SendFromAsync(address), hour < 2 ? Api.Clock.Now.AddHours(1) : start.AddDays(1));
            Assert.That((await SendFromAsync(NewAddress())).Status, Is.EqualTo(HttpStatusCode.Accepted));
            Api.Clock.Advance(TimeSpan.FromHours(1));
        }

        AssertTooMany(await SendFromAsync(address), start.AddDays(1));
        await using var restarted = Api.StartAnother();
        AssertTooMany(await SendFromAsync(address, api: restarted), start.AddDays(1));
        Api.Clock.Advance(start.AddDays(1) - Api.Clock.Now);
        Assert.That((await SendFromAsync(address)).Status, Is.EqualTo(HttpStatusCode.Accepted));
    }

    [Test]
    public async Task Parallel_sends_to_many_numbers_at_two_instances_are_counted_together()
    {
        await using var other = Api.StartAnother();
        var address = NewAddress();
        var answers = await Task.WhenAll(Enumerable.Range(0, 60).Select(i => SendFromAsync(address, api: i % 2 == 0 ? Api : other)));
        Assert.That(answers.Count(answer => answer.Status == HttpStatusCode.Accepted), Is.EqualTo(20));
        Assert.That(answers.Where(answer => answer.Status != HttpStatusCode.Accepted).Select(answer => answer.Code), Is.All.EqualTo("too_many_requests"));
    }

    [Test]
    public async Task A_refused_address_leaves_the_live_code_alone()
    {
        var (address, number) = (NewAddress(), Calls.NewNumber());
        var code = await Api.RequestCodeAsync(number);
        await SendAsync(address, 20);
        Api.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.That((await SendFromAsync(address, number)).Code, Is.EqualTo("too_many_requests"));
        Assert.That((await Client.VerifyCodeAsync(number, code)).Status, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Thirty_wrong_codes_at_thirty_numbers_end_an_addresss_day()
    {
        var (address, start) = (NewAddress(), Api.Clock.Now);
        for (var victim = 0; victim < 30; victim++)
        {
            var number = Calls.NewNumber();
            var wrong = await VerifyFromAsync(address, number, Calls.Wrong(await Api.RequestCodeAsync(number)));
            Assert.That((wrong.Code, wrong.Json.GetProperty("attemptsLeft").GetInt32()), Is.EqualTo(("code_invalid", 4)));
        }

        // The limit by the minute is full as well; the next instance has not seen those, and remembers the day all the same.
        await using var restarted = Api.StartAnother();
        var next = Calls.NewNumber();
        var code = await Api.RequestCodeAsync(next);
        AssertTooMany(await VerifyFromAsync(address, next, code, restarted), start.AddDays(1));
        Assert.That((await VerifyFromAsync(NewAddress(), next, code, restarted)).Status, Is.EqualTo(HttpStatusCode.OK));

        Api.Clock.Advance(TimeSpan.FromDays(1));
        var later = Calls.NewNumber();
        Assert.That((await VerifyFromAsync(address, later, await Api.RequestCodeAsync(later), restarted)).Status, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Verifications_by_the_minute_right_or_wrong()
    {
        var address = NewAddress();
        for (var guess = 0; guess < 30; guess++)
        {
            Assert.That((await VerifyFromAsync(address, Calls.NewNumber(), "0000")).Code, Is.EqualTo("code_expired"));
        }

        var refused = await VerifyFromAsync(address, Calls.NewNumber(), "0000");
        Assert.That((refused.Status, refused.Code), Is.EqualTo((HttpStatusCode.TooManyRequests, "too_many_requests")));
        Assert.That(refused.Headers.RetryAfter!.Delta, Is.GreaterThan(TimeSpan.Zero).And.LessThanOrEqualTo(TimeSpan.FromMinutes(1)));
        Assert.That(refused.Json.GetProperty("retryAt").GetDateTimeOffset(), Is.GreaterThan(Api.Clock.Now).And.LessThanOrEqualTo(Api.Clock.Now.AddMinutes(1)));
        Assert.That((await VerifyFromAsync(NewAddress(), Calls.NewNumber(), "0000")).Code, Is.EqualTo("code_expired"));
    }

    [Test]
    public async Task A_hundred_forwarded_addresses_from_a_stranger_are_one_address()
    {
        var address = NewAddress();
        var answers = new List<HttpStatusCode>();
        for (var i = 0; i < 100; i++)
        {
            var spoofed = i % 3 == 0 ? $"198.51.100.{i}" : i % 3 == 1 ? $"198.51.100.{i}, 10.0.0.{i}" : $"[2001:db8::{i:x}]:443";
            answers.Add((await SendFromAsync(address, headers: [("X-Forwarded-For", spoofed), ("Forwarded", "for=" + spoofed), ("X-Real-IP", spoofed)])).Status);
        }

        Assert.That(answers.Take(20), Is.All.EqualTo(HttpStatusCode.Accepted));
        Assert.That(answers.Skip(20), Is.All.EqualTo(HttpStatusCode.TooManyRequests));
    }

    [Test]
    public async Task Three_hundred_addresses_of_one_network_are_one()
    {
        var answers = new List<HttpStatusCode>();
        for (var i = 0; i < 300; i++)
        {
            var zone = i % 2 == 0 ? "" : "%" + i;
            answers.Add((await SendFromAsync($"2001:db8:7:{(int)Kind:x}:{i:x}:{i * 7:x}:1:{i:x}{zone}")).Status);
        }

        Assert.That(answers.Take(20), Is.All.EqualTo(HttpStatusCode.Accepted));
        Assert.That(answers.Skip(20), Is.All.EqualTo(HttpStatusCode.TooManyRequests));
        Assert.That((await SendFromAsync("2001:db8:8:1::1")).Status, Is.EqualTo(HttpStatusCode.Accepted));
    }

    [Test]
    public async Task An_address_in_the_clothes_of_the_other_protocol_is_the_same()
    {
        var address = NewAddress();
        Assert.That(await SendAsync(address, 10), Is.All.EqualTo(HttpStatusCode.Accepted));
        Assert.That(await SendAsync("::ffff:" + address, 10), Is.All.EqualTo(HttpStatusCode.Accepted));
        Assert.That((await SendFromAsync(address)).Code, Is.EqualTo("too_many_requests"));
        Assert.That((await SendFromAsync("::ffff:" + address)).Code, Is.EqualTo("too_many_requests"));
    }

    private static string NewAddress() => "203.0." + Interlocked.Increment(ref addresses) / 200 + "." + (1 + (addresses % 200));

    private async Task<HttpStatusCode[]> SendAsync(string address, int times)
    {
        var answers = new HttpStatusCode[times];
        for (var i = 0; i < times; i++)
        {
            answers[i] = (await SendFromAsync(address)).Status;
        }

        return answers;
    }

    private Task<Answer> SendFromAsync(string address, string? number = null, Api? api = null, params (string, string)[] headers) =>
        (api ?? Api).Client.PostFromAsync(address, "/send-code", new { phoneNumber = number ?? Calls.NewNumber() }, headers);

    private Task<Answer> VerifyFromAsync(string address, string phoneNumber, string code, Api? api = null) =>
        (api ?? Api).Client.PostFromAsync(address, "/verify-code", new { phoneNumber, code });

    private void AssertTooMany(Answer answer, DateTimeOffset retryAt)
    {
        Assert.That((answer.Status, answer.Code, answer.Json.Text("retryAt")), Is.EqualTo((HttpStatusCode.TooManyRequests, "too_many_requests", Calls.Utc(retryAt))));
        Assert.That(answer.Headers.RetryAfter!.Delta, Is.EqualTo(retryAt - Api.Clock.Now));
    }
}

/// <summary>More guesses a minute than the day allows wrong ones: what is left bounds them alone.</summary>
[OnBothDatabases]
internal sealed class ParallelAddressLimitTests(DatabaseKind kind) : ApiTest(kind)
{
    protected override (string Key, string Value)[] Settings => [("RateLimits:VerifyCodePerMinute", "0")];

    [Test]
    public async Task Of_a_hundred_numbers_guessed_at_once_from_one_address_at_two_instances_thirty_guesses_are_compared()
    {
        await using var other = Api.StartAnother();
        var numbers = Enumerable.Range(0, 100).Select(_ => Calls.NewNumber()).ToList();
        var codes = await Task.WhenAll(numbers.Select(number => Api.RequestCodeAsync(number)));
        var answers = await Task.WhenAll(numbers.Select((phoneNumber, i) =>
            (i % 2 == 0 ? Client : other.Client).PostFromAsync("198.51.100.77", "/verify-code", new { phoneNumber, code = Calls.Wrong(codes[i]) })));
        Assert.That(answers.Count(answer => answer.Code == "code_invalid"), Is.EqualTo(30));
        Assert.That(answers.Count(answer => answer.Code == "too_many_requests"), Is.EqualTo(70));

        // Not even a right code is told from a wrong one any longer.
        var right = await Client.PostFromAsync("198.51.100.77", "/verify-code", new { phoneNumber = numbers[^1], code = codes[^1] });
        Assert.That(right.Code, Is.EqualTo("too_many_requests"));
    }
}

/// <summary>Whose word counts about who is calling.</summary>
[OnBothDatabases]
internal sealed class ForwardedAddressTests(DatabaseKind kind) : ApiTest(kind)
{
    protected override (string Key, string Value)[] Settings =>
    [
        ("ForwardedHeaders:KnownProxies:0", "10.0.0.0/8"), ("ForwardedHeaders:KnownProxies:1", "2001:db8:f::1"),
        ("RateLimits:SendCodePerHour", "0"), ("RateLimits:SendCodePerDay", "0"), ("RateLimits:VerifyCodePerMinute", "0"),
    ];

    [TestCase("10.0.0.1", "198.51.100.7", "198.51.100.7")]
    [TestCase("10.0.0.1", "203.0.113.1, 198.51.100.7", "198.51.100.7", TestName = "What the caller wrote stands further left")]
    [TestCase("10.0.0.1", "203.0.113.1, 198.51.100.7, 10.9.9.9, 10.8.8.8", "198.51.100.7", TestName = "Known hops are passed over")]
    [TestCase("10.0.0.1", "10.1.1.1, 198.51.100.7", "198.51.100.7", TestName = "A caller who claims to be a proxy")]
    [TestCase("::ffff:10.0.0.1", "198.51.100.7", "198.51.100.7", TestName = "A proxy in the clothes of the other protocol")]
    [TestCase("2001:db8:f::1", "198.51.100.7", "198.51.100.7")]
    [TestCase("10.0.0.1", "198.51.100.7:5123", "198.51.100.7", TestName = "With a port")]
    [TestCase("10.0.0.1", "[2001:db8:5::9]:5123", "2001:db8:5::9", TestName = "With brackets and a port")]
    [TestCase("10.0.0.1", "2001:db8:5::9", "2001:db8:5::9")]
    [TestCase("10.0.0.1", "203.0.113.1, rubbish", "10.0.0.1", TestName = "A hop that is no address ends the search")]
    [TestCase("10.0.0.1", "203.0.113.1, rubbish, 198.51.100.7", "198.51.100.7", TestName = "Rubbish left of the caller")]
    [TestCase("10.0.0.1", null, "10.0.0.1", TestName = "A proxy that says nothing")]
    [TestCase("11.0.0.1", "198.51.100.7", "11.0.0.1", TestName = "A stranger's word counts for nothing")]
    [TestCase("2001:db8:f::2", "198.51.100.7", "2001:db8:f::2", TestName = "A stranger beside the proxy")]
    public async Task The_caller_is_the_rightmost_hop_that_is_no_known_proxy(string peer, string? forwarded, string expected)
    {
        var phoneNumber = Calls.NewNumber();
        var code = await Api.RequestCodeAsync(phoneNumber);
        (string, string)[] headers = forwarded is null ? [] : [("X-Forwarded-For", forwarded)];
        var signedIn = await Client.PostFromAsync(peer, "/verify-code", new { phoneNumber, code }, headers);
        var sessions = await Api.ClientWith(signedIn.Json.Text("accessToken")).ReadAsync(HttpMethod.Get, "/sessions");
        Assert.That(sessions.Json[0].Text("ipAddress"), Is.EqualTo(expected));
    }
}

/// <summary>The framework's own switch for forwarded headers believes everybody, before anything of ours is asked: it has no say here.</summary>
[Parallelizable(ParallelScope.Self)]
internal sealed class FrameworkForwardingTests
{
    [Test]
    public async Task Nobody_is_believed_who_is_not_named()
    {
        await using var database = await TestDatabase.CreateAsync(DatabaseKind.Sqlite);
        await using var service = ServiceProcess.Serve(database.ConnectionString, ("ASPNETCORE_FORWARDEDHEADERS_ENABLED", "true"));
        await service.ReadyAsync();
        using var client = service.CreateClient();
        client.DefaultRequestHeaders.Add("X-Forwarded-For", "198.51.100.7");
        var phoneNumber = Calls.NewNumber();
        await client.SendCodeAsync(phoneNumber);
        var code = "";
        await ServiceProcess.UntilAsync(async () => (code = await ReadCodeAsync(client, phoneNumber)).Length > 0, "No code comes.");
        var signedIn = await client.VerifyCodeAsync(phoneNumber, code);
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", signedIn.Json.Text("accessToken"));
        var sessions = await client.ReadAsync(HttpMethod.Get, "/sessions");
        Assert.That(sessions.Json[0].Text("ipAddress"), Is.EqualTo("127.0.0.1"));
    }

    private static async Task<string> ReadCodeAsync(HttpClient client, string phoneNumber)
    {
        var messages = await client.ReadAsync(HttpMethod.Get, "/dev/messages?phoneNumber=" + Uri.EscapeDataString(phoneNumber));
        return messages.Json.GetArrayLength() > 0 ? messages.Json[0].Text("code") : "";
    }
}
