using PhoneAuth.Infrastructure.Sms;

namespace PhoneAuth.Infrastructure.Tests.Sms;

internal sealed class SmsOptionsTests
{
    private static readonly SmsOptionsValidator Validator = new([new KnownSmsGateway("Simulated"), new KnownSmsGateway("Webhook")]);

    [TestCase("Simulated")]
    [TestCase("Webhook,Simulated")]
    [TestCase(" Webhook , Simulated ")]
    public void A_list_of_known_gateways_is_right(string provider) =>
        Assert.That(Validator.Validate(new SmsOptions { Provider = provider }).Errors, Is.Empty);

    [TestCase("")]
    [TestCase("Pigeon")]
    [TestCase("webhook")]
    [TestCase("Webhook,")]
    [TestCase("Webhook,Webhook")]
    [TestCase("Webhook;Simulated")]
    public void Any_other_list_is_refused_in_words_that_name_the_gateways(string provider) =>
        Assert.That(Validator.Validate(new SmsOptions { Provider = provider }).Errors.Select(error => error.ErrorMessage), Has.One.Contains("Simulated, Webhook"));

    [TestCase("7", "Webhook,Simulated", ExpectedResult = true)]
    [TestCase("+7", "Webhook", ExpectedResult = false)]
    [TestCase("999", "Webhook", ExpectedResult = false)]
    [TestCase("7", "Pigeon", ExpectedResult = false)]
    public bool A_route_is_an_assigned_country_code_and_a_list(string countryCode, string list) =>
        Validator.Validate(Routed(countryCode, list)).IsValid;

    [Test]
    public void A_country_with_a_route_has_its_own_list()
    {
        var options = Routed("7", "Webhook, Simulated");
        Assert.That(options.GatewaysFor("7"), Is.EqualTo(new[] { "Webhook", "Simulated" }));
        Assert.That(options.GatewaysFor("44"), Is.EqualTo(new[] { "Simulated" }));
        Assert.That((options.Uses("Webhook"), options.Uses("Twilio")), Is.EqualTo((true, false)));
    }

    private static SmsOptions Routed(string countryCode, string list) =>
        new() { Routes = new Dictionary<string, string>(StringComparer.Ordinal) { [countryCode] = list } };
}
