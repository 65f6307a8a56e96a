namespace PhoneAuth.Domain.Sessions;

/// <summary>Why a session is refused.</summary>
public static class SessionErrors
{
    /// <summary>What is said of a device name that is too long or not printable.</summary>
    public const string DeviceNameMessage = "A device name has at most 64 printable characters.";

    /// <summary>What is said of a refresh token that cannot be one.</summary>
    public const string RefreshTokenMessage = "Send the refresh token, at most 512 characters.";

    /// <summary>Unknown, expired, ended, or used again after its grace.</summary>
    public static readonly Error RefreshTokenInvalid =
        new(ErrorKind.Unauthenticated, "refresh_token_invalid", "This refresh token is no longer valid; sign in again.");

    /// <summary>No such session of this user.</summary>
    public static readonly Error NotFound = new(ErrorKind.NotFound, "session_not_found", "You have no such session.");
}
