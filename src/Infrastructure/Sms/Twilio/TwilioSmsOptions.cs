using FluentValidation;
using PhoneAuth.Infrastructure.Sms.Http;
using PhoneAuth.Infrastructure.Sms.Receipts;

namespace PhoneAuth.Infrastructure.Sms.Twilio;

/// <summary>The account at Twilio, as the settings under <c>Sms:Twilio</c> say it.</summary>
public sealed record TwilioSmsOptions
{
    /// <summary>The account, <c>AC…</c>.</summary>
    public string? AccountSid { get; init; }

    /// <summary>The account's token: its password unless an API key is set, and what receipts are signed with.</summary>
    public string? AuthToken { get; init; }

    /// <summary>An API key instead of the token, <c>SK…</c>.</summary>
    public string? ApiKeySid { get; init; }

    /// <summary>The API key's secret.</summary>
    public string? ApiKeySecret { get; init; }

    /// <summary>The sender: a number in E.164 or a name.</summary>
    public string? From { get; init; }

    /// <summary>The messaging service that chooses the sender, <c>MG…</c>.</summary>
    public string? MessagingServiceSid { get; init; }

    /// <summary>Where the API is.</summary>
    public string BaseUrl { get; init; } = "https://api.twilio.com";

    /// <summary>How long handing over a text may take.</summary>
    public TimeSpan Timeout { get; init; } = GatewayRules.LongestTimeout;
}

internal sealed class TwilioSmsOptionsValidator : AbstractValidator<TwilioSmsOptions>
{
    public TwilioSmsOptionsValidator(SmsOptions sms, ReceiptOptions receipts)
    {
        RuleFor(options => options.Timeout).IsGatewayTimeout();
        RuleFor(options => options.BaseUrl).IsGatewayUrl();
        When(_ => sms.Uses(TwilioSmsGateway.GatewayName), () =>
        {
            RuleFor(options => options.AccountSid).IsGiven("Twilio's account");
            RuleFor(options => options.AuthToken)
                .Must((options, token) => !string.IsNullOrWhiteSpace(token) || (!string.IsNullOrWhiteSpace(options.ApiKeySid) && !string.IsNullOrWhiteSpace(options.ApiKeySecret)))
                .WithMessage("Twilio's token has to be set, or an API key: ApiKeySid and ApiKeySecret.")
                .Must(token => receipts.PublicUrl is null || !string.IsNullOrWhiteSpace(token))
                .WithMessage("Twilio's token signs its receipts: with Sms:PublicUrl it has to be set, also beside an API key.");
            RuleFor(options => options.From)
                .Must((options, from) => string.IsNullOrWhiteSpace(from) != string.IsNullOrWhiteSpace(options.MessagingServiceSid))
                .WithMessage("Twilio needs a sender: either From or MessagingServiceSid.");
        });
    }
}
