using System.Net;
using PhoneAuth.Testing;
using PhoneAuth.WebApi.Tests.Harness;

namespace PhoneAuth.WebApi.Tests.SignIn;

[OnBothDatabases]
internal sealed class VerifyCodeTests(DatabaseKind kind) : ApiTest(kind)
{
    [Test]
    public async Task The_first_success_makes_the_user()
    {
        var number = Calls.NewNumber();
        var code = await Api.RequestCodeAsync(number);
        var answer = await Client.VerifyCodeAsync(number, code, "Pixel 9");
        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK), answer.Body);
        Assert.Multiple(() =>
        {
            Assert.That(answer.Json.Text("tokenType"), Is.EqualTo("Bearer"));
            Assert.That(answer.Json.GetProperty("expiresIn").GetInt32(), Is.EqualTo(600));
            Assert.That(answer.Json.GetProperty("isNewUser").GetBoolean(), Is.True);
            Assert.That(answer.Json.GetProperty("profile").Text("phoneNumber"), Is.EqualTo(number));
            Assert.That(answer.Json.GetProperty("profile").Text("inviteCode"), Does.Match("^[2-9A-HJ-NP-Z]{6}$"));
        });
    }

    [Test]
    public async Task A_code_works_once()
    {
        var number = Calls.NewNumber();
        var code = await Api.RequestCodeAsync(number);
        await Client.VerifyCodeAsync(number, code);
        var again = await Client.VerifyCodeAsync(number, code);
        Assert.That((again.Status, again.Code), Is.EqualTo((HttpStatusCode.UnprocessableEntity, "code_expired")));
    }

    [Test]
    public async Task A_wrong_code_spends_an_attempt()
    {
        var number = Calls.NewNumber();
        var code = await Api.RequestCodeAsync(number);
        for (var left = 4; left >= 0; left--)
        {
            var wrong = await Client.VerifyCodeAsync(number, Calls.Wrong(code));
            Assert.That((wrong.Code, wrong.Json.GetProperty("attemptsLeft").GetInt32()), Is.EqualTo(("code_invalid", left)));
        }

        Assert.That((await Client.VerifyCodeAsync(number, code)).Code, Is.EqualTo("code_expired"));
    }

    [Test]
    public async Task A_repeat_sign_in_is_the_same_user()
    {
        var first = await Api.SignInAsync();
        Api.Clock.Advance(TimeSpan.FromMinutes(2));
        var second = await Api.SignInAsync(first.PhoneNumber);
        Assert.Multiple(() =>
        {
            Assert.That(second.SignIn.GetProperty("isNewUser").GetBoolean(), Is.False);
            Assert.That(second.SignIn.GetProperty("profile").GetRawText(), Is.EqualTo(first.SignIn.GetProperty("profile").GetRawText()));
        });
    }

    [Test]
    public async Task Digits_of_any_script_are_digits()
    {
        var number = Calls.NewNumber();
        var code = await Api.RequestCodeAsync(number);
        var arabic = string.Concat(code.Select(digit => (char)('\u0660' + (digit - '0'))));
        Assert.That((await Client.VerifyCodeAsync(number, arabic)).Status, Is.EqualTo(HttpStatusCode.OK));
    }

    [TestCase("123")]
    [TestCase("12345")]
    [TestCase("12a4")]
    [TestCase(" 1234")]
    [TestCase("")]
    public async Task What_is_not_a_code_is_refused_and_spends_nothing(string text)
    {
        var number = Calls.NewNumber();
        var code = await Api.RequestCodeAsync(number);
        var refused = await Client.VerifyCodeAsync(number, text);
        Assert.That((refused.Status, refused.Code), Is.EqualTo((HttpStatusCode.BadRequest, "validation_failed")));
        Assert.That((await Client.VerifyCodeAsync(number, Calls.Wrong(code))).Json.GetProperty("attemptsLeft").GetInt32(), Is.EqualTo(4));
    }

    [TestCase("a name of more than sixty-four characters is more than a device needs")]
    [TestCase("two\nlines")]
    [TestCase("right-to-left \u202e")]
    [TestCase("line \u2028 separator")]
    public async Task A_device_name_that_is_too_long_or_not_printable_is_refused(string name)
    {
        var number = Calls.NewNumber();
        var code = await Api.RequestCodeAsync(number);
        var refused = await Client.VerifyCodeAsync(number, code, name);
        Assert.That(refused.Code, Is.EqualTo("validation_failed"));
        Assert.That(refused.Json.GetProperty("errors").TryGetProperty("deviceName", out _), Is.True);
    }

    [Test]
    public async Task A_code_expires()
    {
        var number = Calls.NewNumber();
        var code = await Api.RequestCodeAsync(number);
        Api.Clock.Advance(TimeSpan.FromMinutes(5));
        Assert.That((await Client.VerifyCodeAsync(number, code)).Code, Is.EqualTo("code_expired"));
    }

    [Test]
    public async Task A_number_that_asked_for_no_code_has_none()
    {
        Assert.That((await Client.VerifyCodeAsync(Calls.NewNumber(), "0000")).Code, Is.EqualTo("code_expired"));
    }

    [Test]
    public async Task Of_two_hundred_right_codes_at_once_one_succeeds()
    {
        for (var round = 0; round < 3; round++)
        {
            var number = Calls.NewNumber();
            var code = await Api.RequestCodeAsync(number);
            var answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => Client.VerifyCodeAsync(number, code)));
            Assert.That(answers.Count(answer => answer.Status == HttpStatusCode.OK), Is.EqualTo(1));
            Assert.That(answers.Where(answer => answer.Status != HttpStatusCode.OK).Select(answer => answer.Code), Is.All.EqualTo("code_expired"));
            await using var database = Api.Database.Open();
            var user = database.Users.AsEnumerable().Single(user => string.Equals(user.PhoneNumber.E164, number, StringComparison.Ordinal));
            Assert.That(database.Sessions.Count(session => session.UserId == user.Id), Is.EqualTo(1));
        }
    }

    [Test]
    public async Task Of_two_hundred_wrong_codes_at_once_five_are_compared()
    {
        var number = Calls.NewNumber();
        var code = await Api.RequestCodeAsync(number);
        var answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => Client.VerifyCodeAsync(number, Calls.Wrong(code))));
        Assert.That(answers.Count(answer => string.Equals(answer.Code, "code_invalid", StringComparison.Ordinal)), Is.EqualTo(5));
        Assert.That(answers.Count(answer => string.Equals(answer.Code, "code_expired", StringComparison.Ordinal)), Is.EqualTo(195));
    }
}
