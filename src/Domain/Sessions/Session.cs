using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace PhoneAuth.Domain.Sessions;

/// <summary>
/// One signed-in device. Its refresh token rotates at each use (RFC 9700 4.14.2); the last one gives the same successor again for
/// a short grace, so that a lost answer or two tabs sign nobody out. A session that ends is removed.
/// </summary>
public sealed class Session
{
    /// <summary>The longest device name, in UTF-16 units.</summary>
    public const int MaxDeviceNameLength = 64;

    /// <summary>How much of a user agent is kept.</summary>
    public const int MaxUserAgentLength = 256;

    /// <summary>The longest text form of an address (IPv6 with an embedded IPv4).</summary>
    public const int MaxAddressLength = 45;

    private Session(Guid id, Guid userId, byte[] tokenHash, DateTimeOffset createdAt) =>
        (Id, UserId, TokenHash, CreatedAt, LastUsedAt) = (id, userId, tokenHash, createdAt, createdAt);

    /// <summary>The session's id, a UUID of version 7; <c>sid</c> in tokens.</summary>
    public Guid Id { get; }

    /// <summary>Whose session it is.</summary>
    public Guid UserId { get; }

    /// <summary>What the device calls itself, or null.</summary>
    public string? DeviceName { get; private init; }

    /// <summary>The browser or program it signed in with, or null.</summary>
    public string? UserAgent { get; private init; }

    /// <summary>The address it signed in from, or null.</summary>
    public string? IpAddress { get; private init; }

    /// <summary>When it signed in, UTC.</summary>
    public DateTimeOffset CreatedAt { get; }

    /// <summary>When it signed in or was last refreshed, UTC.</summary>
    public DateTimeOffset LastUsedAt { get; private set; }

    /// <summary>When it ends unless it is refreshed before, UTC.</summary>
    public DateTimeOffset ExpiresAt { get; private set; }

    /// <summary>The keyed hash of the refresh token that is valid now, 32 bytes.</summary>
    public byte[] TokenHash { get; private set; }

    /// <summary>The keyed hash of the one before it; null before the first refresh.</summary>
    public byte[]? PreviousTokenHash { get; private set; }

    /// <summary>Opens a session.</summary>
    /// <param name="id">Its id, which its refresh token names.</param>
    /// <param name="userId">Whose it is.</param>
    /// <param name="tokenHash">The keyed hash of its first refresh token.</param>
    /// <param name="device">What signed in, from where.</param>
    /// <param name="now">Now, in UTC.</param>
    /// <param name="policy">The rules.</param>
    public static Session Open(Guid id, Guid userId, byte[] tokenHash, Device device, DateTimeOffset now, SessionPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(device);
        return new Session(id, userId, tokenHash, now)
        {
            DeviceName = device.Name,
            UserAgent = device.UserAgent,
            IpAddress = device.IpAddress,
            ExpiresAt = Expiry(now, now, policy),
        };
    }

    /// <summary>Uses a refresh token.</summary>
    /// <param name="presented">The token's keyed hashes, one for each secret key that may have made the stored one.</param>
    /// <param name="successorHash">The keyed hash of the token that follows it.</param>
    /// <param name="now">Now, in UTC.</param>
    /// <param name="policy">The rules.</param>
    /// <returns>What to do: see <see cref="Rotation"/>.</returns>
    public Rotation Refresh(IReadOnlyCollection<byte[]> presented, byte[] successorHash, DateTimeOffset now, SessionPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        if (now >= ExpiresAt)
        {
            return Rotation.Ended;
        }

        if (IsAnyOf(presented, TokenHash))
        {
            (PreviousTokenHash, TokenHash, LastUsedAt) = (TokenHash, successorHash, now);
            ExpiresAt = Expiry(CreatedAt, now, policy);
            return Rotation.Rotated;
        }

        return IsAnyOf(presented, PreviousTokenHash) && now - LastUsedAt <= policy.ReuseGrace ? Rotation.Repeated : Rotation.Ended;
    }

    private static bool IsAnyOf(IReadOnlyCollection<byte[]> presented, byte[]? stored) =>
        stored is not null && presented.Aggregate(false, (found, hash) => found | CryptographicOperations.FixedTimeEquals(hash, stored));

    private static DateTimeOffset Expiry(DateTimeOffset createdAt, DateTimeOffset now, SessionPolicy policy)
    {
        var (idle, most) = (now + policy.SessionIdleLifetime, createdAt + policy.SessionMaxLifetime);
        return idle < most ? idle : most;
    }
}

/// <summary>What the use of a refresh token comes to.</summary>
public enum Rotation
{
    /// <summary>It was the valid one: its successor is valid now.</summary>
    Rotated,

    /// <summary>It was the one before, within its grace: the successor that is valid already is given again.</summary>
    Repeated,

    /// <summary>It is expired or was used before: somebody may have stolen it, so the session ends.</summary>
    Ended,
}

/// <summary>What signs in, from where.</summary>
/// <param name="Name">What it calls itself.</param>
/// <param name="UserAgent">Its <c>User-Agent</c>.</param>
/// <param name="IpAddress">Its address.</param>
public sealed record Device(string? Name, string? UserAgent, string? IpAddress)
{
    /// <summary>Whether a character may be shown in a list or on a terminal: none that moves a cursor, breaks a line, turns the direction or hides.</summary>
    /// <param name="rune">The character; half a surrogate pair comes as U+FFFD, which may not.</param>
    public static bool IsPrintable(Rune rune) => rune != Rune.ReplacementChar && Rune.GetUnicodeCategory(rune)
        is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
}
