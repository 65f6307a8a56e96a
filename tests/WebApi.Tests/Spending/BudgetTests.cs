using System.Net;
using PhoneAuth.Testing;
using PhoneAuth.WebApi.Tests.Harness;

namespace PhoneAuth.WebApi.Tests.Spending;

[OnBothDatabases]
[Parallelizable(ParallelScope.Self)]
internal sealed class BudgetTests(DatabaseKind kind)
{
    [Test]
    public async Task A_thousand_addresses_and_a_thousand_numbers_get_no_more_than_the_budget_from_two_instances()
    {
        await using var api = await Api.StartAsync(kind, ("Sms:MaxPerHour", "150"));
        await using var other = api.StartAnother();
        using var measured = new Measured(api);
        var answers = new Answer[1000];
        await Parallel.ForAsync(0, answers.Length, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (i, _) =>
            answers[i] = await Attack.SendAsync(i % 2 == 0 ? api : other, Attack.Number("7900", i), $"198.51.{i / 250}.{i % 250}"));

        var accepted = answers.Count(answer => answer.Status == HttpStatusCode.Accepted);
        TestContext.Out.WriteLine($"1,000 addresses, 1,000 numbers, a budget of 150 an hour: {accepted} texts");

        // What the instance that ends last has in hand when the budget is used up may be lost, a text or two.
        Assert.That(accepted, Is.InRange(145, 150));
        Assert.That(answers.Where(answer => answer.Status != HttpStatusCode.Accepted).Select(answer => answer.Code), Is.All.EqualTo("too_many_requests"));
        Assert.That(measured.Of("phoneauth.brake.decisions").Where(one => one["phoneauth.outcome"] == "refused").Select(one => one["phoneauth.reason"]), Is.Not.Empty.And.All.EqualTo("budget_hour"));
    }

    [Test]
    public async Task A_send_that_is_refused_says_when_leaves_the_live_code_alone_and_counts_nothing()
    {
        await using var api = await Api.StartAsync(kind, ("Sms:MaxPerDay", "2"), ("Verification:ResendWait", "00:00:00"));
        var number = Calls.NewNumber();
        var code = await api.RequestCodeAsync(number);
        await api.RequestCodeAsync(Calls.NewNumber());
        var refused = await api.Client.SendCodeAsync(number);
        Assert.That((refused.Status, refused.Code), Is.EqualTo((HttpStatusCode.TooManyRequests, "too_many_requests")));
        Assert.That(refused.Json.Text("retryAt"), Is.EqualTo("2026-11-23T09:35:00Z"));
        Assert.That(refused.Headers.RetryAfter!.Delta, Is.EqualTo(new TimeSpan(24, 5, 0)));
        Assert.That((await api.Client.VerifyCodeAsync(number, code)).Status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(api.Inbox.Count, Is.EqualTo(2));
        Assert.That(api.Logs.Lines, Has.Some.Contains("No text to country code 7: budget_day"));

        api.Clock.Advance(new TimeSpan(24, 5, 0));
        await api.RequestCodeAsync(number);
        Assert.That((await CountSendsAsync(api, number)), Is.EqualTo(1));
    }

    [Test]
    public async Task A_country_has_a_budget_of_its_own_and_others_go_on()
    {
        await using var api = await Api.StartAsync(kind, ("Sms:MaxPerDayByCountry:44", "1"), ("Sms:MaxPerDay", "3"));
        await api.RequestCodeAsync("+447911000001");
        Assert.That((await api.Client.SendCodeAsync("+447911000002")).Code, Is.EqualTo("too_many_requests"));
        Assert.That(api.Logs.Lines, Has.Some.Contains("No text to country code 44: budget_country_day"));

        // What the country refused was not taken from the service: two of its three are left.
        await api.RequestCodeAsync(Calls.NewNumber());
        await api.RequestCodeAsync(Calls.NewNumber());
        Assert.That((await api.Client.SendCodeAsync(Calls.NewNumber())).Code, Is.EqualTo("too_many_requests"));
    }

    [Test]
    public async Task What_the_number_itself_refuses_spends_nothing()
    {
        await using var api = await Api.StartAsync(kind, ("Sms:MaxPerHour", "2"));
        var number = Calls.NewNumber();
        await api.RequestCodeAsync(number);
        for (var again = 0; again < 3; again++)
        {
            Assert.That((await api.Client.SendCodeAsync(number)).Code, Is.EqualTo("resend_too_soon"));
        }

        await api.RequestCodeAsync(Calls.NewNumber());
        Assert.That((await api.Client.SendCodeAsync(Calls.NewNumber())).Code, Is.EqualTo("too_many_requests"));
    }

    private static async Task<int> CountSendsAsync(Api api, string number)
    {
        await using var context = api.Database.Open();
        var row = context.VerificationCodes.Single(code => code.PhoneNumber == Domain.PhoneNumbers.PhoneNumber.FromStorage(number));
        return await Task.FromResult(row.Sends.CountAfter(api.Clock.Now.AddHours(-1)));
    }
}

/// <summary>Sends from addresses and to numbers of an attacker's choice.</summary>
internal static class Attack
{
    public static string Number(string prefix, int index) => "+" + prefix + (2_000_000 + index).ToString(System.Globalization.CultureInfo.InvariantCulture);

    public static Task<Answer> SendAsync(Api api, string phoneNumber, string address) => api.Client.ReadAsync(
        HttpMethod.Post, "/send-code", new StringContent($$"""{"phoneNumber":"{{phoneNumber}}"}""", null, "application/json"), (Api.AddressHeader, address));

    /// <summary>A whole sign-in from an address: whether the text was sent.</summary>
    public static async Task<bool> SignInFromAsync(Api api, string phoneNumber, string address)
    {
        if ((await SendAsync(api, phoneNumber, address)).Status != HttpStatusCode.Accepted)
        {
            return false;
        }

        var code = (await api.Inbox.NextAsync(phoneNumber)).Code;
        var verified = await api.Client.ReadAsync(
            HttpMethod.Post, "/verify-code", new StringContent($$"""{"phoneNumber":"{{phoneNumber}}","code":"{{code}}"}""", null, "application/json"), (Api.AddressHeader, address));
        Assert.That(verified.Status, Is.EqualTo(HttpStatusCode.OK), verified.Body);
        return true;
    }
}
