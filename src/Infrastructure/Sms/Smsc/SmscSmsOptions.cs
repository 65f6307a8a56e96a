using FluentValidation;
using PhoneAuth.Infrastructure.Sms.Http;

namespace PhoneAuth.Infrastructure.Sms.Smsc;

/// <summary>The account at SMSC.ru, as the settings under <c>Sms:Smsc</c> say it.</summary>
public sealed record SmscSmsOptions
{
    /// <summary>The account.</summary>
    public string? Login { get; init; }

    /// <summary>Its password.</summary>
    public string? Password { get; init; }

    /// <summary>A key instead of login and password.</summary>
    public string? ApiKey { get; init; }

    /// <summary>A sender's name that SMSC has approved; null is the account's own.</summary>
    public string? Sender { get; init; }

    /// <summary>The secret that signs receipts, as it stands in the account's settings; null where there are none.</summary>
    public string? ReceiptSecret { get; init; }

    /// <summary>Where the API is.</summary>
    public string BaseUrl { get; init; } = "https://smsc.ru";

    /// <summary>How long handing over a text may take.</summary>
    public TimeSpan Timeout { get; init; } = GatewayRules.LongestTimeout;
}

internal sealed class SmscSmsOptionsValidator : AbstractValidator<SmscSmsOptions>
{
    public SmscSmsOptionsValidator(SmsOptions sms)
    {
        RuleFor(options => options.Timeout).IsGatewayTimeout();
        RuleFor(options => options.BaseUrl).IsGatewayUrl();
        RuleFor(options => options.ApiKey)
            .Must((options, key) => !string.IsNullOrWhiteSpace(key) || (!string.IsNullOrWhiteSpace(options.Login) && !string.IsNullOrWhiteSpace(options.Password)))
            .WithMessage("SMSC needs an ApiKey, or Login and Password.")
            .When(_ => sms.Uses(SmscSmsGateway.GatewayName));
    }
}
