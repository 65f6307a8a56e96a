using FluentValidation;
using PhoneAuth.Infrastructure.Sms.Http;

namespace PhoneAuth.Infrastructure.Sms.Receipts;

/// <summary>Where gateways reach this service, as the settings under <c>Sms</c> say it.</summary>
public sealed record ReceiptOptions
{
    /// <summary>This service's address as gateways see it, as in <c>https://auth.example.com</c>; null where they send no receipts by themselves.</summary>
    public string? PublicUrl { get; init; }

    /// <summary>Where a gateway posts its receipts; null without a <see cref="PublicUrl"/>.</summary>
    /// <param name="gateway">The gateway's name.</param>
    public string? AddressFor(string gateway)
    {
        ArgumentNullException.ThrowIfNull(gateway);
#pragma warning disable CA1308 // An address, not a comparison.
        return PublicUrl is null ? null : $"{PublicUrl.TrimEnd('/')}/sms/receipts/{gateway.ToLowerInvariant()}";
#pragma warning restore CA1308
    }
}

internal sealed class ReceiptOptionsValidator : AbstractValidator<ReceiptOptions>
{
    public ReceiptOptionsValidator() => RuleFor(options => options.PublicUrl)
        .Must(url => url is null || GatewayRules.ReadUrl(url) is { Query: "" })
        .WithMessage("This is the absolute http(s) URL under which gateways reach this service.");
}
