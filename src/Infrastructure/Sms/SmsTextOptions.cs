using System.Text.RegularExpressions;
using FluentValidation;

namespace PhoneAuth.Infrastructure.Sms;

/// <summary>What texts say, as the settings under <c>Sms</c> say it.</summary>
public sealed record SmsTextOptions
{
    /// <summary>The product's name, for <c>{app}</c>; empty where texts name none.</summary>
    public string AppName { get; init; } = "";

    /// <summary>
    /// The host name that browsers and iOS may fill the code in for (WebOTP, domain-bound codes), as in <c>example.com</c>; null where texts
    /// name none.
    /// </summary>
    public string? Domain { get; init; }

    /// <summary>Texts by language, <c>en</c> and <c>ru</c>, with <c>{code}</c> and perhaps <c>{app}</c>; a language that is not named has ours.</summary>
    public IReadOnlyDictionary<string, string> Templates { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);
}

internal sealed partial class SmsTextOptionsValidator : AbstractValidator<SmsTextOptions>
{
    /// <summary>Two segments of 7-bit text: nobody wants to pay for more.</summary>
    private const int LongestTemplate = 306;

    private const int LongestName = 40;

    public SmsTextOptionsValidator()
    {
        RuleFor(options => options.AppName)
            .Must(name => name.Length <= LongestName && !name.AsSpan().ContainsAny('{', '}') && !name.Any(char.IsControl))
            .WithMessage($"The name has at most {LongestName} characters, on one line and without braces.");
        RuleFor(options => options.Domain)
            .Must(domain => domain is null || HostName().IsMatch(domain))
            .WithMessage("This is a host name in lower case alone, as in example.com.");
        RuleFor(options => options.Templates).Custom((templates, context) =>
        {
            foreach (var (language, template) in templates)
            {
                if (WrongWith(language, template, context.InstanceToValidate) is { } message)
                {
                    context.AddFailure($"{nameof(SmsTextOptions.Templates)}:{language}", message);
                }
            }
        });
    }

    private static string? WrongWith(string language, string template, SmsTextOptions options) =>
        !SmsTexts.Languages.Contains(language, StringComparer.OrdinalIgnoreCase) ? "There are texts in en and ru."
        : !template.Contains(SmsTexts.Code, StringComparison.Ordinal) ? "A text without {code} lets nobody in."
        : template.Length > LongestTemplate ? $"A text has at most {LongestTemplate} characters."
        : options.AppName.Length == 0 && template.Contains(SmsTexts.App, StringComparison.Ordinal) ? "A text with {app} needs Sms:AppName."
        : null;

    [GeneratedRegex(@"\A(?=.{1,253}\z)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex HostName();
}
