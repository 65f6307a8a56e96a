using System.Security.Cryptography;
using PhoneAuth.Application.Abstractions;
using PhoneAuth.Domain.InviteCodes;

namespace PhoneAuth.Infrastructure.Security;

/// <summary>The operating system's cryptographic source.</summary>
internal sealed class RandomSource : IRandomSource
{
    public string Digits(int length) => RandomNumberGenerator.GetString("0123456789", length);

    public InviteCode InviteCode()
    {
        Span<byte> random = stackalloc byte[Domain.InviteCodes.InviteCode.Length];
        RandomNumberGenerator.Fill(random);
        return Domain.InviteCodes.InviteCode.FromRandom(random);
    }
}
