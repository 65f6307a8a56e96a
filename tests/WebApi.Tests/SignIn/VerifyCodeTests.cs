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
}
