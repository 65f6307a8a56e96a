using System.Net;
using PhoneAuth.Testing;
using PhoneAuth.WebApi.Tests.Harness;

namespace PhoneAuth.WebApi.Tests.Seen;

[OnBothDatabases]
internal sealed class MeterTests(DatabaseKind kind) : ApiTest(kind)
{
    [Test]
    public async Task A_code_that_is_sent_and_typed_back_is_counted_by_country()
    {
        using var measured = new Measured(Api);
        const string Number = "+447911000001";
        var code = await Api.RequestCodeAsync(Number);
        Api.Clock.Advance(TimeSpan.FromSeconds(42));
        await Client.VerifyCodeAsync(Number, code);
        var verified = measured.Of("phoneauth.codes.verified").Single(one => one["phoneauth.country"] == "44");
        var took = measured.Of("phoneauth.codes.time_to_verify").Single(one => one["phoneauth.country"] == "44");
        Assert.Multiple(() =>
        {
            Assert.That(verified.Value, Is.EqualTo(1));
            Assert.That(took.Value, Is.EqualTo(42));
            Assert.That(verified.Tags.Keys, Is.EquivalentTo(new[] { "phoneauth.gateway", "phoneauth.country" }));
        });
    }

    [Test]
    public async Task Nothing_that_is_measured_holds_a_number_a_code_or_a_token()
    {
        using var measured = new Measured(Api);
        var number = Calls.NewNumber();
        var person = await Api.SignInAsync(number);
        await person.ProfileAsync();
        await Client.VerifyCodeAsync(number, "0000");
        await Client.PostAsync("/refresh-token", new { refreshToken = person.RefreshToken });
        var words = measured.All.SelectMany(one => one.Tags.Values).OfType<string>().ToHashSet(StringComparer.Ordinal);
        Assert.That(words, Is.Not.Empty);
        Assert.That(words.Where(word => word.Contains(number[1..], StringComparison.Ordinal) || word.Contains(person.RefreshToken, StringComparison.Ordinal)), Is.Empty);
        Assert.That(words.Where(word => word.Length > 4 && word.All(char.IsAsciiDigit)), Is.Empty);
    }

    [Test]
    public async Task A_lock_is_counted_once_and_every_refusal_by_its_code()
    {
        using var measured = new Measured(Api);
        var number = Calls.NewNumber();
        for (var round = 0; round < 2; round++)
        {
            var code = await Api.RequestCodeAsync(number);
            for (var guess = 0; guess < 5; guess++)
            {
                await Client.VerifyCodeAsync(number, Calls.Wrong(code));
            }

            Api.Clock.Advance(TimeSpan.FromMinutes(10));
        }

        Assert.That((await Client.VerifyCodeAsync(number, "0000")).Code, Is.EqualTo("phone_locked"));
        Assert.That(measured.Of("phoneauth.numbers.locked").Select(one => (one["phoneauth.country"], one["phoneauth.lock"])), Is.EqualTo(new[] { ("7", "locked") }));
        var refusals = measured.Of("phoneauth.refusals").Select(one => one["phoneauth.refusal"]).ToList();
        Assert.That(refusals.Count(word => word == "code_invalid"), Is.EqualTo(10));
        Assert.That(refusals, Has.Member("phone_locked"));
    }

    [Test]
    public async Task A_refresh_token_used_again_is_counted_and_an_expired_one_is_not()
    {
        using var measured = new Measured(Api);
        var person = await Api.SignInAsync();
        var next = await Client.PostAsync("/refresh-token", new { refreshToken = person.RefreshToken });
        Api.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.That((await Client.PostAsync("/refresh-token", new { refreshToken = person.RefreshToken })).Status, Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(measured.Of("phoneauth.sessions.reused").Sum(one => one.Value), Is.EqualTo(1));

        var other = await Api.SignInAsync();
        Api.Clock.Advance(TimeSpan.FromDays(31));
        Assert.That((await Client.PostAsync("/refresh-token", new { refreshToken = other.RefreshToken })).Status, Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(measured.Of("phoneauth.sessions.reused").Sum(one => one.Value), Is.EqualTo(1));
        Assert.That(next.Status, Is.EqualTo(HttpStatusCode.OK));
    }
}
