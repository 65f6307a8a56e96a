using PhoneAuth.Domain.InviteCodes;

namespace PhoneAuth.Application.Abstractions;

/// <summary>A cryptographic source of chance.</summary>
public interface IRandomSource
{
    /// <summary>A code of ASCII digits, leading zeros kept, every code as likely as every other.</summary>
    /// <param name="length">How many digits.</param>
    string Digits(int length);

    /// <summary>An invite code, every code as likely as every other.</summary>
    InviteCode InviteCode();
}
