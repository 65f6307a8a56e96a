using MediatR;
using PhoneAuth.Application.Abstractions;
using PhoneAuth.Domain;

namespace PhoneAuth.Application.Sessions;

/// <summary>Lists the caller's signed-in devices.</summary>
public sealed record ListSessionsQuery : IRequest<Result<IReadOnlyList<SessionResponse>>>;

/// <summary>A signed-in device.</summary>
/// <remarks>A class: AutoMapper's line here cannot project to a record, whose equality is a generic interface.</remarks>
public sealed class SessionResponse
{
    /// <summary>The session's id.</summary>
    public required Guid Id { get; init; }

    /// <summary>Whether it is the one that asks.</summary>
    public required bool IsCurrent { get; set; }

    /// <summary>What the device calls itself, or null.</summary>
    public required string? DeviceName { get; init; }

    /// <summary>The browser or program it signed in with, or null.</summary>
    public required string? UserAgent { get; init; }

    /// <summary>The address it signed in from, or null.</summary>
    public required string? IpAddress { get; init; }

    /// <summary>When it signed in, UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it signed in or was last refreshed, UTC.</summary>
    public required DateTimeOffset LastUsedAt { get; init; }

    /// <summary>When it ends unless it is refreshed before, UTC.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }
}

/// <summary>Reads sessions.</summary>
public interface ISessionReader
{
    /// <summary>A user's sessions that have not ended, last used first.</summary>
    /// <param name="userId">The user's id.</param>
    /// <param name="now">Now, in UTC.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<IReadOnlyList<SessionResponse>> ListAsync(Guid userId, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Whether a session has not ended and its user is there and not blocked.</summary>
    /// <param name="sessionId">The session's id.</param>
    /// <param name="userId">The user's id.</param>
    /// <param name="now">Now, in UTC.</param>
    Task<bool> IsLiveAsync(Guid sessionId, Guid userId, DateTimeOffset now);
}

internal sealed class ListSessionsHandler(ICurrentUser caller, ISessionReader sessions, TimeProvider clock)
    : IRequestHandler<ListSessionsQuery, Result<IReadOnlyList<SessionResponse>>>
{
    public async Task<Result<IReadOnlyList<SessionResponse>>> Handle(ListSessionsQuery query, CancellationToken cancellationToken)
    {
        var all = await sessions.ListAsync(caller.UserId, clock.UtcNow(), cancellationToken);
        foreach (var session in all)
        {
            session.IsCurrent = session.Id == caller.SessionId;
        }

        return Result<IReadOnlyList<SessionResponse>>.Success(all);
    }
}
