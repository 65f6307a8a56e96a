using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using PhoneAuth.Testing;
using PhoneAuth.WebApi.Tests.Harness;

namespace PhoneAuth.WebApi.Tests.Profiles;

/// <summary>
/// Somebody who is signed in tries to reach somebody else's profile by the way the address is written. Over a real socket to a real server: a client
/// library would tidy the address before it is sent.
/// </summary>
[OnBothDatabases]
[Parallelizable(ParallelScope.Self)]
internal sealed partial class PathTrickTests(DatabaseKind kind)
{
    private Api api = null!;
    private Person person = null!;
    private Person other = null!;
    private string nobody = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        api = await Api.StartOnKestrelAsync(kind, ("RateLimits:SendCodePerHour", "0"));
        (person, other, nobody) = (await api.SignInAsync(), await api.SignInAsync(), Calls.NewNumber());
        Assert.That((await other.Client.PostAsync(other.ProfilePath, new { inviteCode = person.InviteCode })).Status, Is.EqualTo(HttpStatusCode.OK));
    }

    [OneTimeTearDown]
    public async Task StopAsync() => await api.DisposeAsync();

    [Test]
    public async Task Ones_own_profile_is_reached_through_the_socket()
    {
        var own = await AskAsync("GET", "/profile/" + person.PhoneNumber);
        Assert.That(own.Status, Is.EqualTo(200), own.Body);
        Assert.That(own.Body, Does.Contain(person.InviteCode));
    }

    [Test]
    public async Task Every_plain_spelling_of_anothers_number_gets_the_same_403_whether_or_not_anybody_has_it()
    {
        var bodies = new List<string>();
        foreach (var number in new[] { other.PhoneNumber, nobody })
        {
            var digits = number[1..];
            foreach (var path in new[] { "+" + digits, "%2B" + digits, "%2b" + digits, digits, "+" + digits + "/", Percent("+" + digits), Percent(digits) })
            {
                foreach (var (method, below) in new[] { ("GET", ""), ("POST", ""), ("DELETE", ""), ("POST", "/invite-code"), ("GET", "/invited-users"), ("GET", "/invited-users?limit=1") })
                {
                    var answer = await AskAsync(method, "/profile/" + path.TrimEnd('/') + below);
                    Assert.That(answer.Status, Is.EqualTo(403), $"{method} {path}{below}: {answer.Body}");
                    bodies.Add(InstanceAndTrace().Replace(answer.Body, ""));
                }
            }
        }

        Assert.That(bodies.Distinct(StringComparer.Ordinal).Count(), Is.EqualTo(1), "Byte for byte, but for the path that was asked for and the trace's id.");
        Assert.That(bodies[0], Does.Contain("\"code\":\"not_your_profile\""));
    }

    [Test]
    public async Task No_other_spelling_shows_or_changes_anything_of_anybody_elses()
    {
        var before = (await other.ProfileAsync()).Body;
        var tricks = Tricks(other.PhoneNumber[1..], person.PhoneNumber[1..]).Distinct(StringComparer.Ordinal).ToList();
        Assert.That(tricks, Has.Count.GreaterThanOrEqualTo(100));
        foreach (var trick in tricks)
        {
            foreach (var (method, below) in new[] { ("GET", ""), ("POST", ""), ("DELETE", ""), ("POST", "/invite-code"), ("GET", "/invited-users") })
            {
                var answer = await AskAsync(method, trick + below);
                var asked = $"{method} {trick}{below}: {answer.Status} {answer.Body}";
                Assert.That(answer.Status, Is.InRange(400, 499), asked);
                Assert.That(answer.Body, Does.Not.Contain(other.InviteCode).And.Not.Contain(person.InviteCode), asked);
                if (answer.Status == 403)
                {
                    Assert.That(answer.Body, Does.Contain("\"code\":\"not_your_profile\""), asked);
                }
            }
        }

        Assert.That((await other.ProfileAsync()).Body, Is.EqualTo(before));
        Assert.That((await person.ProfileAsync()).Status, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task An_address_that_leads_back_to_ones_own_shows_ones_own()
    {
        var (own, others) = (person.PhoneNumber[1..], other.PhoneNumber[1..]);
        foreach (var path in new[]
        {
            $"/profile/{others}/../{own}", $"/profile/{others}/%2e%2e/{own}", $"/./profile/./{own}", $"/profile/{own}?phoneNumber=%2B{others}",
            $"/profile/{own}?phoneNumber={others}&phoneNumber=%2B{others}", $"/profile/{own}#/../{others}", $"/profile/{own}/invited-users/..", "/profile?phoneNumber=" + others,
        })
        {
            var answer = await AskAsync("GET", path);
            Assert.That(answer.Status, Is.EqualTo(200).Or.InRange(400, 499), path);
            Assert.That(answer.Body, Does.Not.Contain(other.InviteCode), path);
            if (answer.Status == 200)
            {
                Assert.That(answer.Body, Does.StartWith($$"""{"phoneNumber":"{{person.PhoneNumber}}"}"""[..^1]), path);
            }
        }
    }

    [Test]
    public async Task A_header_or_body_that_names_another_address_or_user_changes_nothing()
    {
        foreach (var header in new[]
        {
            "X-Original-URL: /profile/" + other.PhoneNumber, "X-Rewrite-URL: /profile/" + other.PhoneNumber, "X-Forwarded-Prefix: /profile/" + other.PhoneNumber,
            "X-HTTP-Method-Override: DELETE", "X-Method-Override: DELETE", "Host: " + other.PhoneNumber, "X-User-Id: " + other.UserId, "X-Phone-Number: " + other.PhoneNumber,
        })
        {
            var answer = await AskAsync("GET", "/profile/" + person.PhoneNumber, header);
            Assert.That(answer.Status, Is.EqualTo(200).Or.EqualTo(400), header);
            Assert.That(answer.Body, Does.Not.Contain(other.InviteCode), header);
        }

        var body = new { inviteCode = other.InviteCode, phoneNumber = other.PhoneNumber, userId = other.UserId };
        Assert.That((await person.Client.PostAsync(other.ProfilePath, body)).Code, Is.EqualTo("not_your_profile"));
    }

    /// <summary>Ways to write another's number, some with one's own beside it, that are neither its plain spellings nor one's own.</summary>
    private static IEnumerable<string> Tricks(string digits, string own)
    {
        foreach (var decorated in new[]
        {
            $" {digits}", $"%20{digits}", $"%20%2B{digits}", $"{digits}%20", $"%2B%20{digits}", $"+{digits[0]}%20{digits[1..]}", $"%09{digits}", $"{digits}%09", $"%0A{digits}", $"{digits}%0A",
            $"{digits}%0D%0A", $"%00{digits}", $"{digits}%00", $"{digits}%00{own}", $"{own}%00{digits}", $"%A0{digits}", $"%C2%A0{digits}", $"%E2%80%8B{digits}", $"%E2%80%8E{digits}", $"%EF%BB%BF{digits}",
            $"%252B{digits}", $"%25252B{digits}", $"%25{digits}", $"%2{digits}", $"%{digits}", $"%u002B{digits}", $"++{digits}", $"+%2B{digits}", $"%2B+{digits}", $"%2B%2B{digits}",
            $"-{digits}", $"%EF%BC%8B{digits}", $"00{digits}", $"%2B00{digits}", $"0{digits}", $"8{digits[1..]}", digits[1..], $"{digits}0", digits[..^1], $"%2B{digits[0]}({digits[1..4]}){digits[4..]}",
            $"{digits[..4]}-{digits[4..]}", $"{digits[..4]}.{digits[4..]}", $"{digits[..4]}_{digits[4..]}", $"{digits}.", $"{digits}..", $"{digits}.json", $"{digits}~", $"{digits}*", $"*", "%2A", "%25",
            $"{digits};{own}", $"{own};{digits}", $"{digits};id=1", $"{digits},{own}", $"{own},{digits}", $"{digits}%2C{own}", $"{digits}|{own}", $"{own}%7C{digits}", $"{digits}&{own}", $"{own}%26{digits}",
            $"{digits}%3F{own}", $"{own}%3F{digits}", $"{digits}%23{own}", $"{own}%23{digits}", $"{own}%2F..%2F{digits}", $"{own}%2f%2e%2e%2f{digits}", $"{own}%252F..%252F{digits}", $"{own}%5C..%5C{digits}", $"..%5C{digits}",
            $"{own}\\..\\{digits}", $"{own}/{digits}", $"{digits}/{own}", $"{own}/profile/{digits}", $"{own}%2F{digits}", $"{digits}%2F{own}", $"{own}+{digits}", $"{own}%20{digits}", $"{digits}%20{own}", $"%2B{digits}%2B{own}",
            Arabic(digits), "%2B" + Arabic(digits), FullWidth(digits), "%EF%BC%8B" + FullWidth(digits), Devanagari(digits), digits[..^1] + Arabic(digits[^1..]), $"0x{long.Parse(digits, System.Globalization.CultureInfo.InvariantCulture):x}", $"{digits}e0", $"{digits}.0",
            $"'{digits}'", $"%22{digits}%22", $"[{digits}]", $"%7B{digits}%7D", $"tel:{digits}", $"tel:%2B{digits}", $"sip:{digits}", $"{digits}'--", $"{digits}%27%20OR%20%271%27=%271", "me", "self", "0", "null", "undefined", "-1", "%2B",
        })
        {
            yield return "/profile/" + decorated;
        }

        foreach (var path in new[]
        {
            $"/profile//{digits}", $"//profile/{digits}", $"///profile///{digits}", $"/profile/%2F{digits}", $"/profile%2F{digits}", $"/profile%2f%2B{digits}", $"/profile\\{digits}", $"\\profile\\{digits}", $"/profile%5C{digits}",
            $"/profile;x=1/{digits}", $"/profile./{digits}", $"/profile%20/{digits}", $"/%20profile/{digits}", $"/profile%00/{digits}", $"/pr%6Ffile%2F{digits}", $"/profiles/{digits}", $"/api/profile/{digits}", $"/v1/profile/{digits}",
            $"/profile/.%2F{digits}", $"/profile/..%2Fprofile%2F{digits}", $"/%2e%2e%2fprofile/{digits}", $"/profile:{digits}", $"/profile.json/{digits}", $"/profile/{digits}/profile", $"/profile/{digits}//",
        })
        {
            yield return path;
        }
    }

    private static string Percent(string text) => string.Concat(text.Select(character => $"%{(int)character:X2}"));

    private static string Arabic(string digits) => Shifted(digits, 0x0660);

    private static string FullWidth(string digits) => Shifted(digits, 0xFF10);

    private static string Devanagari(string digits) => Shifted(digits, 0x0966);

    private static string Shifted(string digits, int zero) => Uri.EscapeDataString(string.Concat(digits.Select(digit => (char)(digit - '0' + zero))));

    /// <summary>Sends exactly this, as the person who is signed in.</summary>
    private async Task<(int Status, string Body)> AskAsync(string method, string target, string? header = null)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, api.Port);
        await using var stream = socket.GetStream();
        var body = method == "POST" ? """{"inviteCode":"ZZZZZZ"}""" : "";
        var host = header?.StartsWith("Host:", StringComparison.Ordinal) is true ? "" : "Host: localhost\r\n";
        var request = $"{method} {target} HTTP/1.1\r\n{host}Authorization: Bearer {person.AccessToken}\r\nConnection: close\r\nContent-Type: application/json\r\n"
            + $"Content-Length: {body.Length}\r\n{(header is null ? "" : header + "\r\n")}\r\n{body}";
        await stream.WriteAsync(Encoding.Latin1.GetBytes(request));
        using var reader = new StreamReader(stream, Encoding.UTF8);
        var answer = (await reader.ReadToEndAsync()).Split("\r\n\r\n", 2);
        return (int.Parse(answer[0].AsSpan(9, 3), System.Globalization.CultureInfo.InvariantCulture), answer[0].Contains("chunked", StringComparison.Ordinal) ? Joined(answer[1]) : answer[1]);
    }

    /// <summary>A body that came in pieces, each behind its length (RFC 9112 7.1).</summary>
    private static string Joined(string chunks) => string.Concat(chunks.Split("\r\n").Where((_, i) => i % 2 == 1));

    [GeneratedRegex("\"(instance|traceId)\":\"[^\"]*\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex InstanceAndTrace();
}
