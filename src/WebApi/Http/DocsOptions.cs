using FluentValidation;

namespace PhoneAuth.WebApi.Http;

/// <summary>Whether the documents are served, as the settings under <c>Docs</c> say it.</summary>
internal sealed record DocsOptions
{
    /// <summary>Whether <c>/openapi/v1.json</c> and <c>/docs</c> are there.</summary>
    public bool Enabled { get; init; } = true;
}

internal sealed class DocsOptionsValidator : AbstractValidator<DocsOptions>;

/// <summary>Which pages of other origins may call, as the settings under <c>Cors</c> say it.</summary>
internal sealed record CorsSettings
{
    /// <summary>Origins (scheme, host, port); none means no CORS headers at all.</summary>
    public IReadOnlyList<string> AllowedOrigins { get; init; } = [];
}

internal sealed class CorsSettingsValidator : AbstractValidator<CorsSettings>
{
    public CorsSettingsValidator() => RuleForEach(settings => settings.AllowedOrigins)
        .Must(origin => Uri.TryCreate(origin, UriKind.Absolute, out var uri) && string.Equals(uri.GetLeftPart(UriPartial.Authority), origin, StringComparison.Ordinal))
        .WithMessage("'{PropertyValue}' is not an origin: a scheme, a host and perhaps a port, without a path.");
}
