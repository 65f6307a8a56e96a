using PhoneAuth.Infrastructure.Sms;

namespace PhoneAuth.Infrastructure.Tests.Sms;

public class SmsTextsTests
{
    private const string AppHash = "FA+9qCX9VSu";

    [TestCase("en", "0427 is your sign-in code. Do not share it with anyone.")]
    [TestCase("ru", "0427 — ваш код для входа. Никому его не сообщайте.")]
    public void Without_settings_a_text_is_the_code_and_a_warning(string language, string text) =>
        Assert.That(new SmsTexts(new SmsTextOptions()).For("0427", language, null), Is.EqualTo(text));

    [TestCase("en", "0427 is your sign-in code for Домик. Do not share it with anyone.")]
    [TestCase("ru", "0427 — ваш код для входа в Домик. Никому его не сообщайте.")]
    public void The_product_is_named_where_it_has_a_name(string language, string text) =>
        Assert.That(new SmsTexts(new SmsTextOptions { AppName = "Домик" }).For("0427", language, null), Is.EqualTo(text));

    [Test]
    public void A_template_of_ones_own_replaces_that_of_its_language_alone()
    {
        var texts = new SmsTexts(new SmsTextOptions { AppName = "Den", Templates = Templates(("EN", "{app}: {code}. Again: {code}")) });
        Assert.That(texts.For("0427", "en", null), Is.EqualTo("Den: 0427. Again: 0427"));
        Assert.That(texts.For("0427", "ru", null), Does.Contain("ваш код"));
    }

    [Test]
    public void Where_a_domain_is_set_the_last_line_binds_the_code_to_it() =>
        Assert.That(new SmsTexts(new SmsTextOptions { Domain = "example.com" }).For("0427", "en", null), Does.EndWith(".\n@example.com #0427"));

    [Test]
    public void The_hash_of_the_asking_app_wins_over_the_domain()
    {
        var text = new SmsTexts(new SmsTextOptions { Domain = "example.com" }).For("0427", "en", AppHash);
        Assert.That(text, Does.EndWith("\n" + AppHash).And.Not.Contain("example.com"));
    }

    [TestCase("en")]
    [TestCase("ru")]
    public void A_text_for_an_app_is_never_longer_than_its_phone_reads(string language)
    {
        var texts = new SmsTexts(new SmsTextOptions { Templates = Templates((language, "{code} " + new string('a', 128))) });
        var text = texts.For("04271234", language, AppHash);
        Assert.That(SmsTexts.BytesForRetriever(text), Is.LessThanOrEqualTo(SmsTexts.LongestForRetriever));
        Assert.That(text, Does.StartWith("04271234").And.EndsWith("\n" + AppHash));
    }

    [Test]
    public void A_text_for_an_app_may_have_140_bytes()
    {
        var texts = new SmsTexts(new SmsTextOptions { Templates = Templates(("en", "{code} " + new string('a', 119))) });
        Assert.That(SmsTexts.BytesForRetriever(texts.For("04271234", "en", AppHash)), Is.EqualTo(140));
    }

    [TestCase("en", "Your code", "without {code}")]
    [TestCase("en", "{app}: {code}", "Sms:AppName")]
    [TestCase("de", "{code}", "en and ru")]
    public void A_template_that_cannot_be_sent_starts_nothing(string language, string template, string why)
    {
        var failures = new SmsTextOptionsValidator().Validate(new SmsTextOptions { Templates = Templates((language, template)) }).Errors;
        Assert.That(failures.Select(failure => (failure.PropertyName, failure.ErrorMessage.Contains(why, StringComparison.Ordinal))), Is.EqualTo(new[] { ("Templates:" + language, true) }));
    }

    [Test]
    public void A_template_of_more_than_two_segments_starts_nothing() => Assert.That(
        new SmsTextOptionsValidator().Validate(new SmsTextOptions { Templates = Templates(("ru", "{code}" + new string('a', 301))) }).Errors, Has.Count.EqualTo(1));

    [TestCase("https://example.com")]
    [TestCase("Example.com")]
    [TestCase("example.com/path")]
    [TestCase("example.com\n")]
    [TestCase("")]
    public void A_domain_is_a_host_name(string domain) =>
        Assert.That(new SmsTextOptionsValidator().Validate(new SmsTextOptions { Domain = domain }).Errors, Has.Count.EqualTo(1));

    [TestCase("example.com")]
    [TestCase("login.example.co.uk")]
    public void A_host_name_will_do(string domain) =>
        Assert.That(new SmsTextOptionsValidator().Validate(new SmsTextOptions { Domain = domain }).Errors, Is.Empty);

    private static Dictionary<string, string> Templates((string Language, string Text) template) => new(StringComparer.Ordinal) { [template.Language] = template.Text };
}
