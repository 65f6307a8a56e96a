using System.Net;
using FluentValidation;
using Microsoft.Extensions.Hosting;
using PhoneAuth.Infrastructure.Sms.Http;

namespace PhoneAuth.Infrastructure.Sms.Webhook;

/// <summary>Where texts are posted to, as the settings under <c>Sms:Webhook</c> say it.</summary>
public sealed record WebhookSmsOptions
{
    /// <summary>The receiver's address.</summary>
    public string? Url { get; init; }

    /// <summary>The secret that signs what is posted, <c>whsec_</c> and the Base64 of 24 to 64 bytes.</summary>
    public string? Secret { get; init; }

    /// <summary>How long the receiver may take.</summary>
    public TimeSpan Timeout { get; init; } = GatewayRules.LongestTimeout;

    /// <summary>Whether the receiver may be on this machine or in a private network, and be spoken to in plain HTTP.</summary>
    public bool AllowPrivateNetworks { get; init; }
}

internal sealed class WebhookSmsOptionsValidator : AbstractValidator<WebhookSmsOptions>
{
    public WebhookSmsOptionsValidator(SmsOptions sms, IHostEnvironment environment)
    {
        RuleFor(options => options.Timeout).IsGatewayTimeout();
        When(_ => sms.Uses(WebhookSmsGateway.GatewayName), () =>
        {
            RuleFor(options => options.Url)
                .Must(url => GatewayRules.ReadUrl(url) is not null)
                .WithMessage("The webhook needs an absolute https URL, without credentials in it.")
                .Must((options, url) => GatewayRules.ReadUrl(url) is not { Scheme: "http" } || options.AllowPrivateNetworks || environment.IsDevelopment())
                .WithMessage("The webhook's URL has to be https, unless Sms:Webhook:AllowPrivateNetworks is true.")
                .Must((options, url) => options.AllowPrivateNetworks || !IPAddress.TryParse(GatewayRules.ReadUrl(url)?.DnsSafeHost, out var address) || PublicAddresses.Contain(address))
                .WithMessage("The webhook's address is not a public one: Sms:Webhook:AllowPrivateNetworks has to allow it.");
            RuleFor(options => options.Secret)
                .Must(secret => WebhookSignature.Of(secret) is not null)
                .WithMessage("The webhook needs a secret: whsec_ and the Base64 of 24 to 64 random bytes.");
        });
    }
}
