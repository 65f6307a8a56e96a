using FluentValidation;

namespace PhoneAuth.Infrastructure.Sms.Http;

/// <summary>What the settings of gateways have in common.</summary>
internal static class GatewayRules
{
    /// <summary>The longest that handing over one text may take: the dispatcher's claim on it has to outlast that.</summary>
    public static readonly TimeSpan LongestTimeout = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan ShortestTimeout = TimeSpan.FromMilliseconds(100);

    public static void IsGatewayTimeout<T>(this IRuleBuilder<T, TimeSpan> rule) => rule.InclusiveBetween(ShortestTimeout, LongestTimeout);

    public static void IsGiven<T>(this IRuleBuilder<T, string?> rule, string what) =>
        rule.Must(text => !string.IsNullOrWhiteSpace(text)).WithMessage($"{what} has to be set.");

    public static void IsGatewayUrl<T>(this IRuleBuilder<T, string> rule) =>
        rule.Must(url => ReadUrl(url) is not null).WithMessage("This is an absolute http(s) URL, without credentials in it.");

    /// <summary>An absolute http(s) URL without credentials and fragment, or null where a text is anything else.</summary>
    public static Uri? ReadUrl(string? text) => Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "https" or "http"
        && url is { UserInfo: "", Fragment: "" } ? url : null;
}
