namespace PhoneAuth.Application.Abstractions;

/// <summary>Who calls, as a valid token of a session that has not ended says.</summary>
public interface ICurrentUser
{
    /// <summary>The user's id.</summary>
    Guid UserId { get; }

    /// <summary>The session's id.</summary>
    Guid SessionId { get; }
}
