namespace PhoneAuth.Domain.InviteCodes;

/// <summary>Why an invite code is not activated.</summary>
public static class InviteCodeErrors
{
    /// <summary>What is said of a code that is not six characters of the alphabet.</summary>
    public const string InvalidMessage = "An invite code has six letters and digits.";

    /// <summary>This user has activated a code before, once is all there is.</summary>
    public static readonly Error AlreadyActivated =
        new(ErrorKind.Conflict, "invite_code_already_activated", "You have already activated an invite code; it can be done once.");

    /// <summary>One's own code.</summary>
    public static readonly Error Own = new(ErrorKind.Unprocessable, "invite_code_own", "This is your own invite code; activate somebody else's.");

    /// <summary>No such code, or no longer valid.</summary>
    public static readonly Error NotFound = new(ErrorKind.NotFound, "invite_code_not_found", "There is no such invite code, or it is no longer valid.");

    /// <summary>Too many codes that were not found.</summary>
    /// <param name="retryAt">When the window has room again.</param>
    public static Error TooManyAttempts(DateTimeOffset retryAt) =>
        new(ErrorKind.TooManyRequests, "too_many_invite_attempts", "Too many invite codes that do not exist; try again later.") { RetryAt = retryAt };
}
