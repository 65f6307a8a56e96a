using System.Diagnostics;
using System.Reflection;
using System.Text.RegularExpressions;
using PhoneAuth.Application.SignIn;
using PhoneAuth.Domain.InviteCodes;
using PhoneAuth.Domain.PhoneNumbers;
using PhoneAuth.Domain.Users;
using PhoneAuth.Testing;
using PhoneAuth.WebApi.Tests.Harness;

namespace PhoneAuth.WebApi.Tests.SignIn;

/// <summary>Nobody learns from send-code who has an account.</summary>
[OnBothDatabases]
internal sealed partial class KnownNumberTests(DatabaseKind kind) : ApiTest(kind)
{
    private const int Pairs = 1000;

    [Test]
    public async Task A_thousand_known_and_unknown_numbers_get_the_same_answer_in_the_same_time()
    {
        var (known, unknown) = (Numbers(), Numbers());
        await using (var database = Api.Database.Open())
        {
            database.Users.AddRange(known.Select((number, i) =>
                User.Register(PhoneNumber.Parse(number, "7").Value!, InviteCode.FromRandom([.. BitConverter.GetBytes(i * 31), 7, (byte)(i / 32), (byte)i]), activationSpent: false, Api.Clock.Now)));
            await database.SaveChangesAsync();
        }

        var (knownTimes, unknownTimes, shapes) = (new List<double>(), new List<double>(), new HashSet<string>(StringComparer.Ordinal));
        await SendAsync(Calls.NewNumber());
        for (var i = 0; i < Pairs; i++)
        {
            // Whoever is first in a pair is not always the same.
            foreach (var isKnown in i % 2 == 0 ? new[] { true, false } : [false, true])
            {
                var (shape, time) = await SendAsync((isKnown ? known : unknown)[i]);
                shapes.Add(shape);
                (isKnown ? knownTimes : unknownTimes).Add(time);
            }
        }

        Assert.That(shapes, Has.Count.EqualTo(1), string.Join('\n', shapes));
        Assert.That(shapes.Single(), Does.StartWith("Accepted"));

        // Medians, and who was faster in a pair: robust against whatever else the machine does.
        Assert.That(Median(knownTimes) / Median(unknownTimes), Is.InRange(0.75, 1.33));
        Assert.That(knownTimes.Zip(unknownTimes).Count(pair => pair.First > pair.Second), Is.InRange(Pairs * 0.35, Pairs * 0.65));
    }

    [Test]
    public void Whoever_sends_a_code_cannot_ask_for_a_user()
    {
        var handler = typeof(SendCodeCommand).Assembly.GetType("PhoneAuth.Application.SignIn.SendCodeHandler", throwOnError: true)!;
        var ports = handler.GetConstructors(BindingFlags.Public | BindingFlags.Instance).Single().GetParameters().Select(parameter => parameter.ParameterType);
        Assert.That(ports, Has.None.EqualTo(typeof(IUserRepository)));
    }

    [Test]
    public async Task A_wrong_code_is_answered_alike_for_known_unknown_and_blocked_numbers()
    {
        var (person, stranger, blocked) = (await Api.SignInAsync(), Calls.NewNumber(), await Api.SignInAsync());
        await using (var database = Api.Database.Open())
        {
            database.Users.AsEnumerable().Single(user => user.Id == blocked.UserId).Block(Api.Clock.Now);
            await database.SaveChangesAsync();
        }

        Api.Clock.Advance(TimeSpan.FromMinutes(1));
        var bodies = new HashSet<string>(StringComparer.Ordinal);
        foreach (var number in new[] { person.PhoneNumber, stranger, blocked.PhoneNumber })
        {
            var wrong = await Client.VerifyCodeAsync(number, Calls.Wrong(await Api.RequestCodeAsync(number)));
            bodies.Add(Values().Replace(wrong.Body, ""));
        }

        Assert.That(bodies, Has.Count.EqualTo(1));
    }

    private static string[] Numbers() => [.. Enumerable.Range(0, Pairs).Select(_ => Calls.NewNumber())];

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private async Task<(string Shape, double Time)> SendAsync(string number)
    {
        var start = Stopwatch.GetTimestamp();
        var answer = await Client.SendCodeAsync(number);
        var time = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
        var headers = answer.Headers.Concat(answer.ContentHeaders).Select(header => $"{header.Key}: {string.Join(',', header.Value)}").Order(StringComparer.Ordinal);
        return ($"{answer.Status} {Values().Replace(answer.Body, "")} {answer.Body.Length} {string.Join(' ', headers)}", time);
    }

    [GeneratedRegex("\"(phoneNumber|traceId)\":\"[^\"]*\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Values();
}
