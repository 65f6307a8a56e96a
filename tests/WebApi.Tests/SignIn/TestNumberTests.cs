using System.Net;
using PhoneAuth.Testing;
using PhoneAuth.WebApi.Tests.Harness;

namespace PhoneAuth.WebApi.Tests.SignIn;

/// <summary>Numbers with a fixed code, for people who review an app.</summary>
[OnBothDatabases]
internal sealed class TestNumberTests(DatabaseKind kind) : ApiTest(kind)
{
    internal static readonly (string Key, string Value)[] FourNumbers =
    [
        .. Enumerable.Range(0, 4).SelectMany(i => new[]
        {
            ($"Verification:TestNumbers:{i}:PhoneNumber", $"8 (905) 555-00-0{i}"), ($"Verification:TestNumbers:{i}:Code", "0007"),
            ($"Verification:TestNumbers:{i}:ExpiresAt", "2026-12-01T00:00:00Z"),
        }),
    ];

    protected override (string Key, string Value)[] Settings => FourNumbers;

    [Test]
    public async Task The_fixed_code_signs_in_and_nothing_is_ever_sent_however_often()
    {
        var (number, before) = (Number(0), Api.Inbox.Count);
        for (var time = 0; time < 30; time++)
        {
            var sent = await Client.PostFromAsync("203.0.113.99", "/send-code", new { phoneNumber = number });
            Assert.That((sent.Status, sent.Json.Text("resendAt")), Is.EqualTo((HttpStatusCode.Accepted, Calls.Utc(Api.Clock.Now))));
        }

        Assert.That(Api.Inbox.Count, Is.EqualTo(before));
        Assert.That((await Client.VerifyCodeAsync(number, "0007")).Status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That((await Client.VerifyCodeAsync(number, "0007")).Code, Is.EqualTo("code_expired"), "Once for each send, as any code.");
    }

    [Test]
    public async Task Guesses_are_counted_as_ever()
    {
        var number = Number(1);
        foreach (var left in new[] { 4, 3, 2, 1, 0, 4, 3, 2, 1, 0 })
        {
            if (left == 4)
            {
                await Client.SendCodeAsync(number);
            }

            var wrong = await Client.VerifyCodeAsync(number, "0008");
            Assert.That((wrong.Code, wrong.Json.GetProperty("attemptsLeft").GetInt32()), Is.EqualTo(("code_invalid", left)));
        }

        Assert.That((await Client.SendCodeAsync(number)).Code, Is.EqualTo("phone_locked"));
        Assert.That((await Client.VerifyCodeAsync(number, "0007")).Code, Is.EqualTo("phone_locked"));
    }

    [Test]
    public async Task A_number_beside_them_is_a_number_as_any_other()
    {
        var number = Calls.NewNumber();
        var code = await Api.RequestCodeAsync(number);
        Assert.That((await Client.VerifyCodeAsync(number, code == "0007" ? "0008" : "0007")).Code, Is.EqualTo("code_invalid"));
        Assert.That((await Client.SendCodeAsync(number)).Code, Is.EqualTo("resend_too_soon"));
    }

    [Test]
    public void A_warning_at_start_names_them_masked()
    {
        var warning = Api.Logs.Lines.Single(line => line.Contains("Test numbers", StringComparison.Ordinal));
        Assert.That(warning, Does.StartWith("Warning").And.Contain("+7905•••0000, +7905•••0001").And.Not.Contain("9055550").And.Not.Contain("0007"));
    }

    private static string Number(int index) => "+7905555000" + index;
}

[OnBothDatabases]
internal sealed class EndedTestNumberTests(DatabaseKind kind) : ApiTest(kind)
{
    protected override (string Key, string Value)[] Settings => TestNumberTests.FourNumbers;

    [Test]
    public async Task From_its_end_on_it_is_a_number_as_any_other()
    {
        var number = "+79055550002";
        Api.Clock.Advance(new DateTimeOffset(2026, 12, 1, 0, 0, 0, TimeSpan.Zero) - Api.Clock.Now);
        var code = await Api.RequestCodeAsync(number);
        Assert.That((await Client.SendCodeAsync(number)).Code, Is.EqualTo("resend_too_soon"));
        Assert.That((await Client.VerifyCodeAsync(number, code)).Status, Is.EqualTo(HttpStatusCode.OK));
    }
}
