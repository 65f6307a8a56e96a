using System.Globalization;
using System.Text;
using System.Text.Json;
using PhoneAuth.Testing;

namespace PhoneAuth.Resilience.Tests.Callers;

/// <summary>Makes up requests: the same ones from the same seed. Every call of the contract is among them, with values that are right, nearly right, and wild.</summary>
internal sealed class RequestGenerator(int seed, Answer person)
{
    private static readonly string[] Methods = ["GET", "POST", "DELETE", "PUT", "PATCH", "HEAD", "OPTIONS", "TRACE", "BREW"];
    private static readonly string[] ContentTypes = ["application/json", "application/json; charset=utf-8", "application/json; charset=utf-7", "text/plain", "application/xml", "multipart/form-data", "nonsense", ""];
    private static readonly string[] Members = ["phoneNumber", "code", "deviceName", "inviteCode", "refreshToken", "androidAppHash", "PhoneNumber", "__proto__", ""];
    private static readonly string[] Languages = ["ru", "en", "ru-RU,ru;q=0.9", "*", ";;;", "x-klingon", "ru;q=NaN"];

    private static readonly (string Method, string Path)[] Endpoints =
    [
        ("POST", "/send-code"), ("POST", "/verify-code"), ("GET", "/profile"), ("GET", "/profile/{number}"), ("POST", "/profile/{number}"), ("POST", "/profile/{number}/invite-code"),
        ("GET", "/profile/{number}/invited-users?limit={wild}&after={wild}"), ("DELETE", "/profile/{number}"), ("POST", "/refresh-token"), ("POST", "/sign-out"), ("GET", "/sessions"),
        ("DELETE", "/sessions/{wild}"), ("DELETE", "/sessions"), ("GET", "/.well-known/openid-configuration"), ("GET", "/.well-known/jwks.json"), ("GET", "/health/live"),
        ("GET", "/health/ready"), ("GET", "/openapi/v1.json"), ("GET", "/docs"), ("GET", "/"), ("GET", "/dev/messages?phoneNumber={number}"), ("POST", "/sms/receipts/{wild}"), ("GET", "/{wild}"),
    ];

    private readonly string number = person.Json.GetProperty("profile").Text("phoneNumber");
    private readonly string accessToken = person.Json.Text("accessToken");

    /// <summary>The request of this place in the row.</summary>
    public (HttpMethod Method, string Path, (string Name, string Value)[] Headers, byte[]? Body) Request(int place)
    {
        var chance = new Random(unchecked((seed * 397) ^ place));
        var (method, path) = Pick(chance, Endpoints);

        // The person is not to end half-way: what others do with the token is worth more.
        var token = method is "DELETE" || path is "/sign-out" ? Wild(chance) : accessToken;
        method = chance.Next(12) == 0 ? Pick(chance, Methods) : method;
        token = method is "DELETE" ? Wild(chance) : token;
        path = string.Concat(path.Split('{', '}').Select(part => part switch
        {
            "number" => Escape(chance, Number(chance)),
            "wild" => Escape(chance, Wild(chance)),
            _ => part,
        }));
        var headers = new List<(string, string)>();
        if (chance.Next(4) > 0)
        {
            headers.Add(("Authorization", chance.Next(8) == 0 ? Printable(Wild(chance)) : "Bearer " + Printable(chance.Next(6) == 0 ? Wild(chance) : token)));
        }

        if (chance.Next(3) == 0)
        {
            headers.Add(("Accept-Language", Pick(chance, Languages)));
        }

        if (method is "GET" or "HEAD" or "TRACE" && chance.Next(20) > 0)
        {
            return (new HttpMethod(method), path, [.. headers], null);
        }

        headers.Add(("Content-Type", chance.Next(10) == 0 ? Pick(chance, ContentTypes) : "application/json"));
        return (new HttpMethod(method), path, [.. headers], chance.Next(3) == 0 ? Sensible(chance) : Body(chance));
    }

    private static T Pick<T>(Random chance, T[] from) => from[chance.Next(from.Length)];

    /// <summary>What somebody may well mean.</summary>
    private byte[] Sensible(Random chance) => JsonSerializer.SerializeToUtf8Bytes(new
    {
        phoneNumber = chance.Next(4) == 0 ? number : "+7900" + chance.Next(1_000_000, 1_000_100).ToString(CultureInfo.InvariantCulture),
        code = chance.Next(10_000).ToString("0000", CultureInfo.InvariantCulture),
        inviteCode = "ABCDEF",
        refreshToken = Wild(chance),
    });

    private byte[] Body(Random chance)
    {
        switch (chance.Next(12))
        {
            case 0:
                var noise = new byte[chance.Next(300)];
                chance.NextBytes(noise);
                return noise;
            case 1:
                return Encoding.UTF8.GetBytes(new string(Pick(chance, ['[', '{', '"', '0', ' ']), chance.Next(20_000)));
            case 2:
                return [];
            default:
                var text = new StringBuilder("{");
                for (var members = chance.Next(1, 5); members > 0; members--)
                {
                    text.Append(JsonSerializer.Serialize(Pick(chance, Members))).Append(':').Append(Value(chance)).Append(members > 1 ? "," : "");
                }

                var json = text.Append('}').ToString();
                return Encoding.UTF8.GetBytes(chance.Next(15) == 0 ? json[..chance.Next(json.Length)] : json);
        }
    }

    private string Value(Random chance) => chance.Next(10) switch
    {
        0 => "null",
        1 => chance.Next(2) == 0 ? "true" : "-1e400",
        2 => "[" + JsonSerializer.Serialize(Wild(chance)) + "]",
        3 => "{\"a\":{}}",
        4 => chance.NextInt64().ToString(CultureInfo.InvariantCulture),
        5 => "\"\\ud800\\u0000" + chance.Next(10_000).ToString(CultureInfo.InvariantCulture) + "\"",
        6 => JsonSerializer.Serialize(Wild(chance)),
        7 => JsonSerializer.Serialize(chance.Next(10_000).ToString("0000", CultureInfo.InvariantCulture)),
        _ => JsonSerializer.Serialize(Number(chance)),
    };

    private string Number(Random chance) => chance.Next(5) switch
    {
        0 => number,
        1 => "+" + chance.NextInt64(1, 999_999_999_999_999).ToString(CultureInfo.InvariantCulture),
        2 => "8 (900) " + chance.Next(1_000_000, 9_999_999).ToString(CultureInfo.InvariantCulture),
        3 => Wild(chance),
        _ => "+7900" + chance.Next(1_000_000, 9_999_999).ToString(CultureInfo.InvariantCulture),
    };

    private static string Wild(Random chance) => chance.Next(12) switch
    {
        0 => "",
        1 => new string('9', chance.Next(700)),
        2 => "../../../etc/passwd",
        3 => "' OR 1=1; --",
        4 => "\u0000\u0001\u202e\ufeff",
        5 => "٣٤٥٦٧٨٩٠１２３",
        6 => new Guid(chance.Next(), 1, 2, 3, 4, 5, 6, 7, 8, 9, 10).ToString(),
        7 => "%00%2e%2e%ff",
        8 => "😀" + (char)chance.Next(0x20, 0xD7FF),
        9 => chance.NextInt64().ToString(CultureInfo.InvariantCulture),
        10 => Convert.ToBase64String(BitConverter.GetBytes(chance.NextInt64())),
        _ => string.Concat(Enumerable.Range(0, chance.Next(40)).Select(_ => (char)chance.Next(0x20, 0x7F))),
    };

    /// <summary>What a header may hold at all.</summary>
    private static string Printable(string text) => string.Concat(text.Where(letter => letter is >= ' ' and < '\u007F'));

    private static string Escape(Random chance, string text) => chance.Next(6) == 0 ? string.Concat(Printable(text).Where(letter => letter is not (' ' or '#'))) : Uri.EscapeDataString(text);
}
