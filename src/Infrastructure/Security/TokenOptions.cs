namespace PhoneAuth.Infrastructure.Security;

/// <summary>Who issues access tokens and for whom, as the settings under <c>Tokens</c> say it.</summary>
public sealed record TokenOptions
{
    /// <summary>The issuer, <c>iss</c>: the URL under which resource servers find the keys.</summary>
    public string Issuer { get; init; } = "http://localhost:8080";

    /// <summary>The audience, <c>aud</c>.</summary>
    public string Audience { get; init; } = "phoneauth";
}
