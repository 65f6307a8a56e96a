using PhoneAuth.Domain.Sessions;
using PhoneAuth.Domain.Users;

namespace PhoneAuth.Application.Abstractions;

/// <summary>Makes access tokens: JWTs signed with ES256 (RFC 7519, RFC 8725).</summary>
public interface IAccessTokens
{
    /// <summary>Makes a token for a user's session.</summary>
    /// <param name="user">Who.</param>
    /// <param name="sessionId">In which session.</param>
    /// <param name="now">Now, in UTC.</param>
    /// <returns>The token, and its life in seconds.</returns>
    (string Token, int ExpiresIn) Issue(User user, Guid sessionId, DateTimeOffset now);
}

/// <summary>Makes and reads refresh tokens: opaque, 256 random bits, sealed with a tag so that only a token which was really given out is looked up.</summary>
public interface IRefreshTokens
{
    /// <summary>Makes the first token of a session.</summary>
    /// <param name="sessionId">The session's id.</param>
    RefreshToken Issue(Guid sessionId);

    /// <summary>Reads a token that somebody presents.</summary>
    /// <param name="text">What was presented.</param>
    /// <returns>The token, or null where it was never given out here.</returns>
    PresentedRefreshToken? Read(string text);
}

/// <summary>A refresh token and what is stored of it.</summary>
/// <param name="Text">The token.</param>
/// <param name="Hash">Its keyed hash, 32 bytes.</param>
public sealed record RefreshToken(string Text, byte[] Hash);

/// <summary>A refresh token that was given out once.</summary>
/// <param name="SessionId">The session it belongs to.</param>
/// <param name="Hashes">Its keyed hashes, one for each secret key that may have made the stored one.</param>
/// <param name="Successors">The tokens that may follow it, derived with each secret key, today's first.</param>
public sealed record PresentedRefreshToken(Guid SessionId, IReadOnlyList<byte[]> Hashes, IReadOnlyList<RefreshToken> Successors)
{
    /// <summary>The successor that is the session's valid token already.</summary>
    /// <param name="session">The session.</param>
    public RefreshToken? SuccessorIn(Session session)
    {
        ArgumentNullException.ThrowIfNull(session);
        return Successors.FirstOrDefault(successor => session.TokenHash.AsSpan().SequenceEqual(successor.Hash));
    }
}
