using PhoneAuth.Infrastructure.Sms.Twilio;

namespace PhoneAuth.Infrastructure.Tests.Sms.Gateways;

/// <summary>Against the vectors that Twilio's own documentation and libraries have.</summary>
public class TwilioReceiptsTests
{
    private const string Url = "https://mycompany.com/myapp.php?foo=1&bar=2";
    private const string Token = "12345";

    [Test]
    public void Fields_are_signed_in_the_order_of_their_names() => Assert.That(
        Sign(("CallSid", "CA1234567890ABCDE"), ("Digits", "1234"), ("From", "+14158675309"), ("To", "+18005551212"), ("Caller", "+14158675309")),
        Is.EqualTo("RSOYDt4T1cUTdK1PDd93/VVr8B8="));

    [Test]
    public void A_field_that_comes_again_is_signed_once() => Assert.That(
        Sign(("Sid", "CA123"), ("SidAccount", "AC123"), ("Digits", "5678"), ("Digits", "1234"), ("Digits", "1234")), Is.EqualTo("IK+Dwps556ElfBT0I3Rgjkr1wJU="));

    private static string Sign(params (string Name, string Value)[] fields) =>
        TwilioReceipts.Sign(Url, fields.Select(field => new KeyValuePair<string, string>(field.Name, field.Value)), Token);
}
