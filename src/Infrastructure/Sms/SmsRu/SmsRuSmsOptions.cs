using FluentValidation;
using PhoneAuth.Infrastructure.Sms.Http;

namespace PhoneAuth.Infrastructure.Sms.SmsRu;

/// <summary>The account at SMS.ru, as the settings under <c>Sms:SmsRu</c> say it.</summary>
public sealed record SmsRuSmsOptions
{
    /// <summary>The account's key, which signs its receipts too.</summary>
    public string? ApiId { get; init; }

    /// <summary>A sender's name that SMS.ru has approved; null is the account's own.</summary>
    public string? From { get; init; }

    /// <summary>Where the API is.</summary>
    public string BaseUrl { get; init; } = "https://sms.ru";

    /// <summary>How long handing over a text may take.</summary>
    public TimeSpan Timeout { get; init; } = GatewayRules.LongestTimeout;
}

internal sealed class SmsRuSmsOptionsValidator : AbstractValidator<SmsRuSmsOptions>
{
    public SmsRuSmsOptionsValidator(SmsOptions sms)
    {
        RuleFor(options => options.Timeout).IsGatewayTimeout();
        RuleFor(options => options.BaseUrl).IsGatewayUrl();
        When(_ => sms.Uses(SmsRuSmsGateway.GatewayName), () => RuleFor(options => options.ApiId).IsGiven("The api_id of SMS.ru"));
    }
}
