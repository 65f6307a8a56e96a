using FluentValidation;

namespace PhoneAuth.Infrastructure.Security;

internal sealed class TokenOptionsValidator : AbstractValidator<TokenOptions>
{
    public TokenOptionsValidator()
    {
        RuleFor(options => options.Issuer)
            .Must(issuer => Uri.TryCreate(issuer, UriKind.Absolute, out var uri) && uri.Scheme is "https" or "http")
            .WithMessage("The issuer is the absolute http(s) URL under which resource servers find the keys.");
        RuleFor(options => options.Audience).NotEmpty();
    }
}
