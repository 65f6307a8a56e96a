namespace PhoneAuth.Domain.Users;

/// <summary>That some number activated an invite code, kept after its account is deleted. Nothing but a keyed hash, so it names nobody.</summary>
/// <param name="phoneHash">The number's keyed hash, 32 bytes.</param>
public sealed class SpentActivation(byte[] phoneHash)
{
    /// <summary>The number's keyed hash, 32 bytes.</summary>
    public byte[] PhoneHash { get; } = phoneHash;
}
