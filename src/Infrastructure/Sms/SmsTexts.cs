using System.Text;

namespace PhoneAuth.Infrastructure.Sms;

/// <summary>What a phone shows, and what reads the code out of it by itself.</summary>
/// <param name="options">Templates and names.</param>
public sealed class SmsTexts(SmsTextOptions options)
{
    /// <summary>The longest text that Android's SMS Retriever reads, in bytes.</summary>
    public const int LongestForRetriever = 140;

    internal const string Code = "{code}";
    internal const string App = "{app}";

    /// <summary>The languages that there are texts in.</summary>
    public static IReadOnlyList<string> Languages { get; } = ["en", "ru"];

    /// <summary>
    /// The text of a code. Its last line is the app's hash where the request named one (SMS Retriever), else the domain where one is set
    /// (<c>@example.com #0427</c>: WebOTP and iOS).
    /// </summary>
    /// <param name="code">The code.</param>
    /// <param name="language"><c>en</c> or <c>ru</c>.</param>
    /// <param name="androidAppHash">The 11 characters of the asking app, or null. A text that would be longer than its phone reads gives way to a short one.</param>
    public string For(string code, string language, string? androidAppHash)
    {
        ArgumentNullException.ThrowIfNull(code);
        if (androidAppHash is null)
        {
            return Fill(TemplateOf(language), code) + (options.Domain is { } domain ? $"\n@{domain} #{code}" : "");
        }

        var text = $"{Fill(TemplateOf(language), code)}\n{androidAppHash}";
        return BytesForRetriever(text) <= LongestForRetriever ? text : $"{Fill(Default(language, named: false), code)}\n{androidAppHash}";
    }

    /// <summary>The text of each language at its most common, with a code of so many digits, for whoever counts what it costs.</summary>
    /// <param name="codeLength">How many digits a code has.</param>
    public IEnumerable<(string Language, string Text)> Longest(int codeLength) =>
        Languages.Select(language => (language, For(new string('0', codeLength), language, androidAppHash: null)));

    /// <summary>How many bytes SMS Retriever may take a text for: those of its UTF-8 form or those on the air, whichever are more.</summary>
    /// <param name="text">The text.</param>
    public static int BytesForRetriever(string text) => Math.Max(Encoding.UTF8.GetByteCount(text), SmsSegments.Bytes(text));

    private string TemplateOf(string language)
    {
        var own = options.Templates.FirstOrDefault(template => string.Equals(template.Key, language, StringComparison.OrdinalIgnoreCase)).Value;
        return own ?? Default(language, named: options.AppName.Length > 0);
    }

    private string Fill(string template, string code) =>
        template.Replace(App, options.AppName, StringComparison.Ordinal).Replace(Code, code, StringComparison.Ordinal);

    private static string Default(string language, bool named) => (string.Equals(language, "ru", StringComparison.Ordinal), named) switch
    {
        (true, true) => "{code} — ваш код для входа в {app}. Никому его не сообщайте.",
        (true, false) => "{code} — ваш код для входа. Никому его не сообщайте.",
        (false, true) => "{code} is your sign-in code for {app}. Do not share it with anyone.",
        (false, false) => "{code} is your sign-in code. Do not share it with anyone.",
    };
}
