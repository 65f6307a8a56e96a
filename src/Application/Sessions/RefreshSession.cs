using FluentValidation;
using MediatR;
using PhoneAuth.Application.Abstractions;
using PhoneAuth.Domain;
using PhoneAuth.Domain.Sessions;
using PhoneAuth.Domain.Users;

namespace PhoneAuth.Application.Sessions;

/// <summary>Gives a new pair of tokens for a refresh token.</summary>
/// <param name="RefreshToken">The refresh token.</param>
public sealed record RefreshSessionCommand(string? RefreshToken) : IRequest<Result<TokenResponse>>;

/// <summary>A pair of tokens.</summary>
/// <param name="TokenType">Always <c>Bearer</c>.</param>
/// <param name="AccessToken">A JWT.</param>
/// <param name="ExpiresIn">The access token's life in seconds.</param>
/// <param name="RefreshToken">Opaque; good for one use.</param>
/// <param name="RefreshTokenExpiresAt">When the session ends unless it is refreshed before, UTC.</param>
public sealed record TokenResponse(string TokenType, string AccessToken, int ExpiresIn, string RefreshToken, DateTimeOffset RefreshTokenExpiresAt);

internal sealed class RefreshSessionValidator : AbstractValidator<RefreshSessionCommand>
{
    private const int MaxLength = 512;

    public RefreshSessionValidator() =>
        RuleFor(command => command.RefreshToken)
            .Must(token => !string.IsNullOrEmpty(token) && token.Length <= MaxLength)
            .WithMessage(SessionErrors.RefreshTokenMessage);
}

internal sealed class RefreshSessionHandler(
    ISessionRepository sessions,
    IRefreshTokens refreshTokens,
    IAccessTokens accessTokens,
    IUnitOfWork unitOfWork,
    SessionPolicy policy,
    Telemetry telemetry,
    TimeProvider clock) : IRequestHandler<RefreshSessionCommand, Result<TokenResponse>>
{
    public async Task<Result<TokenResponse>> Handle(RefreshSessionCommand command, CancellationToken cancellationToken)
    {
        if (refreshTokens.Read(command.RefreshToken!) is not { } presented)
        {
            return SessionErrors.RefreshTokenInvalid;
        }

        Use? made = null;
        await unitOfWork.SaveAsync(sessions.HoldWithUser(presented.SessionId), found => made = Decide(presented, found.Session, found.User), cancellationToken);
        if (made is not var (session, user, rotation, now))
        {
            return SessionErrors.RefreshTokenInvalid;
        }

        if (rotation is Rotation.Ended && now < session.ExpiresAt)
        {
            telemetry.SessionReused();
        }

        // The derived successor is missing only when the secret key that made it is no longer known.
        if (rotation is Rotation.Ended || user.BlockedAt is not null || presented.SuccessorIn(session) is not { } successor)
        {
            return SessionErrors.RefreshTokenInvalid;
        }

        var (accessToken, expiresIn) = accessTokens.Issue(user, session.Id, now);
        return new TokenResponse("Bearer", accessToken, expiresIn, successor.Text, session.ExpiresAt);
    }

    private Use Decide(PresentedRefreshToken presented, Session session, User user)
    {
        var now = clock.UtcNow();
        var rotation = session.Refresh(presented.Hashes, presented.Successors[0].Hash, now, policy);
        if (rotation is Rotation.Ended || user.BlockedAt is not null)
        {
            sessions.Remove(session);
        }

        return new Use(session, user, rotation, now);
    }

    private sealed record Use(Session Session, User User, Rotation Rotation, DateTimeOffset Now);
}
