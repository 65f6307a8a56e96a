using PhoneAuth.Domain.Users;

namespace PhoneAuth.Application.Profiles;

/// <summary>A user's own profile.</summary>
/// <remarks>A class: AutoMapper's line here cannot project to a record, whose equality is a generic interface.</remarks>
public sealed class ProfileResponse
{
    /// <summary>The most invited users a profile holds; the paged call has the rest.</summary>
    public const int MaxInvitedUsers = 100;

    /// <summary>The number in E.164.</summary>
    public required string PhoneNumber { get; init; }

    /// <summary>When the user first signed in, UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The user's own invite code.</summary>
    public required string InviteCode { get; init; }

    /// <summary>The code of somebody else that this user activated, or null.</summary>
    public required string? ActivatedInviteCode { get; init; }

    /// <summary>Whether this number may still activate a code: once, ever.</summary>
    public required bool CanActivateInviteCode { get; init; }

    /// <summary>How many users have activated this user's codes.</summary>
    public required int InvitedUsersCount { get; init; }

    /// <summary>The newest hundred of them, newest first.</summary>
    public required IReadOnlyList<InvitedUserResponse> InvitedUsers { get; init; }

    /// <summary>The same profile with the users whom its user has invited.</summary>
    /// <param name="invitedUsers">The newest of them, newest first.</param>
    /// <param name="count">How many there are.</param>
    public ProfileResponse With(IReadOnlyList<InvitedUserResponse> invitedUsers, int count) => new()
    {
        PhoneNumber = PhoneNumber,
        CreatedAt = CreatedAt,
        InviteCode = InviteCode,
        ActivatedInviteCode = ActivatedInviteCode,
        CanActivateInviteCode = CanActivateInviteCode,
        InvitedUsersCount = count,
        InvitedUsers = invitedUsers,
    };
}

/// <summary>Somebody who activated the caller's code.</summary>
public sealed record InvitedUserResponse
{
    /// <summary>The number in E.164.</summary>
    public required string PhoneNumber { get; init; }

    /// <summary>When the code was activated, UTC.</summary>
    public required DateTimeOffset ActivatedAt { get; init; }
}

/// <summary>Reads profiles, no more of them than is answered.</summary>
public interface IProfileReader
{
    /// <summary>The profile of a user who has invited nobody: nothing of it needs reading.</summary>
    /// <param name="user">The user.</param>
    ProfileResponse Of(User user);

    /// <summary>A user's profile, or null where the user is gone.</summary>
    /// <param name="userId">The user's id.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<ProfileResponse?> FindAsync(Guid userId, CancellationToken cancellationToken);

    /// <summary>A user's profile as <see cref="FindAsync(Guid, CancellationToken)"/> reads it, and in the same breath whether the session that asks is good.</summary>
    /// <param name="userId">The user's id.</param>
    /// <param name="sessionId">The session that asks.</param>
    /// <param name="now">Now, in UTC.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The profile, which the next reading of it in this request does not read again; null where the session has ended, or its user is gone or blocked.</returns>
    Task<ProfileResponse?> FindAsync(Guid userId, Guid sessionId, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Whom a user invited, newest first.</summary>
    /// <param name="userId">The user's id.</param>
    /// <param name="after">Where the page before ended, or null for the first.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<InvitedUsersResponse> ListInvitedAsync(Guid userId, InvitedUsersCursor? after, int limit, CancellationToken cancellationToken);
}
