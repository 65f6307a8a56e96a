using PhoneAuth.Application.Abstractions;
using PhoneAuth.Domain.Sessions;
using PhoneAuth.Domain.Users;

namespace PhoneAuth.Application.SignIn;

/// <summary>Opens the session of a device that has just signed in.</summary>
internal sealed class SessionOpener(
    ISessionRepository sessions, IRefreshTokens refreshTokens, IAccessTokens accessTokens, ICaller caller, SessionPolicy policy)
{
    /// <summary>Adds a session to what is saved next.</summary>
    public OpenedSession Open(User user, string? deviceName, DateTimeOffset now)
    {
        var id = Guid.CreateVersion7(now);
        var refreshToken = refreshTokens.Issue(id);
        var session = Session.Open(id, user.Id, refreshToken.Hash, caller.Device(deviceName), now, policy);
        sessions.Add(session);
        return new OpenedSession(session, refreshToken.Text);
    }

    /// <summary>Signs the access token of a session that is saved.</summary>
    public (string Token, int ExpiresIn) AccessToken(User user, OpenedSession opened, DateTimeOffset now) =>
        accessTokens.Issue(user, opened.Session.Id, now);
}

internal sealed record OpenedSession(Session Session, string RefreshToken);
