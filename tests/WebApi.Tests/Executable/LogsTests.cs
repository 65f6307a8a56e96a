using System.Text;
using System.Text.Json;
using PhoneAuth.Testing;

namespace PhoneAuth.WebApi.Tests.Executable;

/// <summary>What the service itself writes, with every level turned up as far as settings can: text for people in Development, JSON elsewhere.</summary>
[TestFixture("Development")]
[TestFixture("Staging")]
[Parallelizable(ParallelScope.Self)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public class LogsTests(string environment)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private static readonly (string, string)[] Loudest =
    [
        ("Serilog:MinimumLevel:Default", "Verbose"),
        ("Serilog:MinimumLevel:Override:Microsoft", "Verbose"),
        ("Serilog:MinimumLevel:Override:System", "Verbose"),
        ("Serilog:MinimumLevel:Override:Microsoft.AspNetCore.Hosting.Diagnostics", "Verbose"),
        ("Serilog:MinimumLevel:Override:Microsoft.AspNetCore.Routing.EndpointMiddleware", "Verbose"),
        ("Serilog:MinimumLevel:Override:Microsoft.EntityFrameworkCore.Database.Command", "Verbose"),
    ];

    private readonly List<string> secrets = [];

    [Test]
    public async Task No_code_no_token_and_no_whole_number_is_in_any_line()
    {
        await using var service = await ServeAsync(Loudest);
        using var client = service.CreateClient();
        await TellAStoryAsync(client);
        await service.StopAsync();
        Assert.That(secrets, Has.Count.GreaterThan(12));
        Assert.That(service.Lines, Has.Count.GreaterThan(20));
        Assert.Multiple(() =>
        {
            foreach (var secret in secrets)
            {
                Assert.That(service.Lines.Where(line => line.Contains(secret, StringComparison.Ordinal)), Is.Empty, secret);
            }
        });
    }

    [Test]
    public async Task A_request_and_its_use_case_are_one_line_each_and_the_trace_id_of_a_problem_finds_both()
    {
        await using var service = await ServeAsync();
        using var client = service.CreateClient();
        var refused = await client.VerifyCodeAsync("+79001234567", "0427");
        await client.ReadAsync(HttpMethod.Get, "/profile/+79001234567");
        await service.StopAsync();

        var lines = service.Lines;
        var traced = lines.Where(line => line.Contains(refused.Json.Text("traceId"), StringComparison.Ordinal)).ToList();
        Assert.That(traced, Has.Count.EqualTo(2), string.Join('\n', lines));
        Assert.That(traced[0], Does.Match(@"VerifyCodeCommand code_expired in \d+\.\d ms"));
        Assert.That(traced[1], Does.Match(@"POST /verify-code 422 code_expired in \d+\.\d ms"));
        Assert.That(lines, Has.Exactly(1).Match(@"GET /profile/\{phoneNumber\} 401 unauthenticated in"));
    }

    [Test]
    public async Task Lines_are_for_people_in_Development_and_JSON_elsewhere()
    {
        await using var service = await ServeAsync();
        using var client = service.CreateClient();
        await client.VerifyCodeAsync("+79001234567", "0427");
        await service.StopAsync();
        var line = service.Lines.Single(line => line.Contains("VerifyCodeCommand", StringComparison.Ordinal));
        if (environment is "Development")
        {
            Assert.That(line, Does.Match(@"^\d\d:\d\d:\d\d\.\d{3} INF VerifyCodeCommand code_expired in \d+\.\d ms [0-9a-f]{32}$"));
            return;
        }

        Assert.That(service.Lines.Where(text => !IsJson(text)), Is.Empty);
        using var json = JsonDocument.Parse(line);
        Assert.That(json.RootElement.Text("@tr"), Does.Match("^[0-9a-f]{32}$"));
        Assert.That(json.RootElement.Text("@m"), Does.Match(@"^VerifyCodeCommand code_expired in \d+\.\d ms$"));
        Assert.That((json.RootElement.Text("UseCase"), json.RootElement.Text("Outcome")), Is.EqualTo(("VerifyCodeCommand", "code_expired")));
        Assert.That(json.RootElement.GetProperty("Elapsed").GetDouble(), Is.Positive);
        Assert.That(json.RootElement.GetProperty("@t").GetDateTimeOffset(), Is.EqualTo(DateTimeOffset.UtcNow).Within(TimeSpan.FromMinutes(5)));
    }

    [Test]
    public async Task A_lost_race_is_nobodys_error()
    {
        await using var service = await ServeAsync();
        using var client = service.CreateClient();
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => client.SendCodeAsync("+79001234567")));
        await service.StopAsync();
        Assert.That(answers.Count(answer => answer.Status == System.Net.HttpStatusCode.Accepted), Is.EqualTo(1));
        Assert.That(service.Lines, Has.None.Contains("Exception").And.None.Contains("\"Error\"").And.None.Contains(" ERR "));
    }

    private static bool IsJson(string line)
    {
        try
        {
            using var json = JsonDocument.Parse(line);
            return json.RootElement.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private async Task<ServiceProcess> ServeAsync(params (string, string)[] settings)
    {
        var service = ServiceProcess.ServeIn(
            environment, [("SecretKey", ServiceProcess.SecretKey), ("Sms:Simulated:Inbox", "true"), ("Sms:Simulated:Delay", "00:00:00"), .. settings]);
        await service.ReadyAsync();
        return service;
    }

    /// <summary>A sign-in, an activation, a refresh, and all sorts of things that callers get wrong, keeping each secret that was said on the way.</summary>
    private async Task TellAStoryAsync(HttpClient nobody)
    {
        var (first, second) = (await SignInAsync(nobody, "+79005550001"), await SignInAsync(nobody, "+79005550002"));
        using var signedIn = new HttpClient { BaseAddress = nobody.BaseAddress };
        signedIn.DefaultRequestHeaders.Authorization = new("Bearer", first.Text("accessToken"));
        await signedIn.PostAsync("/profile/+79005550001", new { inviteCode = second.GetProperty("profile").Text("inviteCode") });
        await signedIn.PostAsync("/profile/+79005550001", new { inviteCode = "" });
        await signedIn.ReadAsync(HttpMethod.Get, "/profile/+79005550001?phone=+79005550001");
        await signedIn.ReadAsync(HttpMethod.Get, Secret("/profile/+79005550003", "79005550003"));
        await signedIn.ReadAsync(HttpMethod.Get, Secret("/nothing/+79005550004?code=918273", "79005550004", "918273"));
        await signedIn.ReadAsync(HttpMethod.Put, Secret("/send-code/+79005550005", "79005550005"));
        await nobody.ReadAsync(HttpMethod.Get, "/dev/messages?phoneNumber=" + Secret("%2B79005550006", "79005550006"));
        using var forger = new HttpClient { BaseAddress = nobody.BaseAddress };
        foreach (var token in new[] { "eyJhbGciOiJub25lIn0.eyJzdWIiOiJmb3JnZWQifQ.", first.Text("accessToken")[..^4] + "AAAA", "not-a-token-at-all-5150" })
        {
            forger.DefaultRequestHeaders.Authorization = new("Bearer", Secret(token, token));
            await forger.ReadAsync(HttpMethod.Get, "/profile");
        }

        var pair = (await nobody.PostAsync("/refresh-token", new { refreshToken = first.Text("refreshToken") })).Json;
        Secret("", pair.Text("accessToken"), pair.Text("refreshToken"));
        await nobody.PostAsync("/refresh-token", new { refreshToken = Secret("a-token-that-nobody-gave-0451", "a-token-that-nobody-gave-0451") });
        await nobody.PostTextAsync("/send-code", Secret("""{"phoneNumber":"+79005550007",""", "79005550007"));
        await nobody.ReadAsync(HttpMethod.Post, "/send-code", new StringContent(Secret("+79005550008", "79005550008"), Encoding.UTF8, "text/plain"));
        await signedIn.PostAsync("/sign-out");
        await signedIn.ReadAsync(HttpMethod.Get, "/profile");
    }

    private async Task<JsonElement> SignInAsync(HttpClient client, string number)
    {
        await client.SendCodeAsync(number);
        using var patience = new CancellationTokenSource(Patience);
        JsonElement messages;
        do
        {
            patience.Token.ThrowIfCancellationRequested();
            messages = (await client.ReadAsync(HttpMethod.Get, "/dev/messages?phoneNumber=" + Uri.EscapeDataString(number))).Json;
        }
        while (messages.GetArrayLength() == 0);
        var code = messages[0].Text("code");
        await client.VerifyCodeAsync(number, Calls.Wrong(code));
        var signIn = (await client.VerifyCodeAsync(number, code, "Pixel 9")).Json;
        Secret("", number[1..], number[4..], signIn.Text("accessToken"), signIn.Text("refreshToken"));

        // Four digits are found in any time or id: a code counts where it stands by itself.
        secrets.AddRange([$"\"{code}\"", $" {code} ", $":{code}", $"={code}"]);
        return signIn;
    }

    private string Secret(string text, params string[] said)
    {
        secrets.AddRange(said);
        return text;
    }
}
