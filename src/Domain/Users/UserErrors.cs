namespace PhoneAuth.Domain.Users;

/// <summary>Why a user is refused.</summary>
public static class UserErrors
{
    /// <summary>No, expired or forged token, or its session has ended.</summary>
    public static readonly Error Unauthenticated = new(ErrorKind.Unauthenticated, "unauthenticated", "Sign in to do this.");

    /// <summary>Any number but one's own, whether or not it exists.</summary>
    public static readonly Error NotYourProfile = new(ErrorKind.Forbidden, "not_your_profile", "Only your own profile can be seen and changed.");

    /// <summary>An operator has blocked this user.</summary>
    public static readonly Error Blocked = new(ErrorKind.Forbidden, "user_blocked", "This account is blocked; ask support about it.");

    /// <summary>An operator named a number that is nobody's.</summary>
    public static readonly Error NotFound = new(ErrorKind.NotFound, "user_not_found", "No user has this number.");
}
