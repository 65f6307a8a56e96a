namespace PhoneAuth.Domain.Sessions;

/// <summary>The rules for sessions, as the settings under <c>Tokens</c> say them.</summary>
public sealed record SessionPolicy
{
    /// <summary>Life of an access token.</summary>
    public TimeSpan AccessTokenLifetime { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>A session that is not refreshed for so long ends.</summary>
    public TimeSpan SessionIdleLifetime { get; init; } = TimeSpan.FromDays(30);

    /// <summary>Every session ends so long after its sign-in.</summary>
    public TimeSpan SessionMaxLifetime { get; init; } = TimeSpan.FromDays(90);

    /// <summary>How long a refresh token that was just used still gives its successor again.</summary>
    public TimeSpan ReuseGrace { get; init; } = TimeSpan.FromSeconds(30);
}
