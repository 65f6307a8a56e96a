using PhoneAuth.Domain.InviteCodes;
using PhoneAuth.Domain.Limits;
using PhoneAuth.Domain.PhoneNumbers;

namespace PhoneAuth.Domain.Users;

/// <summary>A proven phone number. Written at the first success of a code, never before.</summary>
public sealed class User
{
    /// <summary>How many codes that do not exist a user may try in <see cref="InviteMissWindow"/>.</summary>
    public const int MaxInviteMisses = 10;

    /// <summary>The window in which codes that do not exist are counted.</summary>
    public static readonly TimeSpan InviteMissWindow = TimeSpan.FromDays(1);

    private User(Guid id, PhoneNumber phoneNumber, InviteCode inviteCode, DateTimeOffset createdAt) =>
        (Id, PhoneNumber, InviteCode, CreatedAt) = (id, phoneNumber, inviteCode, createdAt);

    /// <summary>The user's id, a UUID of version 7 (RFC 9562); <c>sub</c> in tokens.</summary>
    public Guid Id { get; }

    /// <summary>The proven number; one user each.</summary>
    public PhoneNumber PhoneNumber { get; }

    /// <summary>When the user was first signed in, UTC.</summary>
    public DateTimeOffset CreatedAt { get; }

    /// <summary>The user's own, valid invite code; one owner each.</summary>
    public InviteCode InviteCode { get; private set; }

    /// <summary>The code of somebody else that this user activated, whatever has become of its owner; null before.</summary>
    public InviteCode? ActivatedInviteCode { get; private set; }

    /// <summary>When it was activated, UTC.</summary>
    public DateTimeOffset? ActivatedAt { get; private set; }

    /// <summary>The id of the user whose code it was; that user may be gone since.</summary>
    public Guid? InviterId { get; private set; }

    /// <summary>Whether this number has activated a code in an earlier account.</summary>
    public bool ActivationSpent { get; private set; }

    /// <summary>How many users that exist have activated this user's codes.</summary>
    public int InvitedUsersCount { get; private set; }

    /// <summary>Codes tried that do not exist.</summary>
    public RecentTimes InviteMisses { get; private set; } = RecentTimes.None;

    /// <summary>When an operator blocked this user, UTC; null while not blocked.</summary>
    public DateTimeOffset? BlockedAt { get; private set; }

    /// <summary>Whether this number may still activate a code.</summary>
    public bool CanActivateInviteCode => ActivatedInviteCode is null && !ActivationSpent;

    /// <summary>Makes the user of a number that has just been proved for the first time.</summary>
    /// <param name="phoneNumber">The number.</param>
    /// <param name="inviteCode">The user's own code.</param>
    /// <param name="activationSpent">Whether the number activated a code in an earlier account.</param>
    /// <param name="now">Now, in UTC.</param>
    public static User Register(PhoneNumber phoneNumber, InviteCode inviteCode, bool activationSpent, DateTimeOffset now) =>
        new(Guid.CreateVersion7(now), phoneNumber, inviteCode, now) { ActivationSpent = activationSpent };

    /// <summary>Activates somebody else's code, once ever. A miss is counted and must be saved before it is answered.</summary>
    /// <param name="code">The code that was typed.</param>
    /// <param name="owner">Whose valid code it is, held together with this user; null where there is none.</param>
    /// <param name="now">Now, in UTC.</param>
    /// <returns>Success, or the first that holds: invite_code_already_activated, too_many_invite_attempts, invite_code_own, invite_code_not_found.</returns>
    public Result ActivateInviteCode(InviteCode code, User? owner, DateTimeOffset now)
    {
        if (!CanActivateInviteCode)
        {
            return InviteCodeErrors.AlreadyActivated;
        }

        if (InviteMisses.FullUntil(MaxInviteMisses, InviteMissWindow, now) is { } retryAt)
        {
            return InviteCodeErrors.TooManyAttempts(retryAt);
        }

        if (code == InviteCode)
        {
            return InviteCodeErrors.Own;
        }

        if (owner is null || owner.InviteCode != code)
        {
            InviteMisses = InviteMisses.Add(now, InviteMissWindow, MaxInviteMisses);
            return InviteCodeErrors.NotFound;
        }

        (ActivatedInviteCode, ActivatedAt, InviterId) = (code, now, owner.Id);
        owner.InvitedUsersCount++;
        return Result.Success();
    }

    /// <summary>Gives this user another code; the old one stops being valid, past activations stay.</summary>
    /// <param name="inviteCode">The new code.</param>
    public void ReplaceInviteCode(InviteCode inviteCode) => InviteCode = inviteCode;

    /// <summary>A user who activated this user's code is going.</summary>
    public void ForgetInvited() => InvitedUsersCount--;

    /// <summary>An operator blocks this user: no sign-in, no call.</summary>
    /// <param name="now">Now, in UTC.</param>
    public void Block(DateTimeOffset now) => BlockedAt ??= now;

    /// <summary>An operator lets this user in again.</summary>
    public void Unblock() => BlockedAt = null;
}
