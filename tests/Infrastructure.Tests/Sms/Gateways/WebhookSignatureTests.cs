using System.Text;
using PhoneAuth.Infrastructure.Sms.Webhook;

namespace PhoneAuth.Infrastructure.Tests.Sms.Gateways;

/// <summary>Against the vector that the specification's own libraries are tested with.</summary>
public class WebhookSignatureTests
{
    private const string Id = "msg_p5jXN8AQM9LWM0D4loKWxJek";
    private const string Expected = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
    private const string Other = "v1,Ceo5qEr07ixe2NLpvHk3FH9bwy/WavXrAFQ/9tdO6mc=";

    private static readonly byte[] Body = Encoding.UTF8.GetBytes("""{"test": 2432232314}""");
    private static readonly WebhookSignature Signature = WebhookSignature.Of("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")!;

    [Test]
    public void It_signs_as_the_specification_does() => Assert.That(Signature.Sign(Id, 1614265330, Body), Is.EqualTo(Expected));

    [TestCase(Expected)]
    [TestCase(Other + " " + Expected)]
    [TestCase("v2,abc " + Expected + " " + Other)]
    public void One_signature_of_several_is_enough(string signatures) => Assert.That(Verify(signatures: signatures), Is.True);

    [TestCase("")]
    [TestCase("v1,")]
    [TestCase(Other)]
    [TestCase("v1,g0hM9S")]
    [TestCase("v2,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")]
    [TestCase(null)]
    public void Any_other_signature_is_none(string? signatures) => Assert.That(Verify(signatures: signatures), Is.False);

    [TestCase(300, true)]
    [TestCase(-300, true)]
    [TestCase(301, false)]
    [TestCase(-301, false)]
    public void A_message_is_of_this_moment_for_five_minutes(int seconds, bool valid) => Assert.That(Verify(later: seconds), Is.EqualTo(valid));

    [TestCase("hello")]
    [TestCase("-1614265330")]
    [TestCase("")]
    [TestCase(null)]
    public void A_time_is_a_number_of_seconds(string? timestamp) => Assert.That(Verify(timestamp: timestamp), Is.False);

    [Test]
    public void It_binds_the_id_the_time_and_the_body()
    {
        Assert.That(Verify(id: Id + "x"), Is.False);
        Assert.That(Verify(timestamp: "1614265331"), Is.False);
        Assert.That(Signature.Verify(Id, "1614265330", Expected, "{}"u8, DateTimeOffset.FromUnixTimeSeconds(1614265330)), Is.False);
    }

    private static bool Verify(string? id = Id, string? timestamp = "1614265330", string? signatures = Expected, int later = 0) =>
        Signature.Verify(id, timestamp, signatures, Body, DateTimeOffset.FromUnixTimeSeconds(1614265330 + later));
}
