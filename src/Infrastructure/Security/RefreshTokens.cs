using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using PhoneAuth.Application.Abstractions;

namespace PhoneAuth.Infrastructure.Security;

/// <summary>
/// A token is a session's id (16 bytes), a secret (32) and a tag over both (16), in base64url. The tag makes sure that only what was
/// really given out here is looked up: nobody ends a session by guessing, knowing its id alone. The secret of the first token is random;
/// that of a successor is the HMAC of the token before it, so that the same token always gives the same successor and no other can be had.
/// </summary>
internal sealed class RefreshTokens(SecretKeys secretKeys, IKeyedHasher hasher) : IRefreshTokens
{
    private const int IdSize = 16;
    private const int SecretSize = 32;
    private const int TagSize = 16;
    private const int Size = IdSize + SecretSize + TagSize;

    private readonly Mac[] tags = secretKeys.DeriveMacs("refresh-token/tag");
    private readonly Mac[] successors = secretKeys.DeriveMacs("refresh-token/successor");

    public RefreshToken Issue(Guid sessionId) => Seal(sessionId, RandomNumberGenerator.GetBytes(SecretSize), secretKey: 0);

    public PresentedRefreshToken? Read(string text)
    {
        // The decoder knows one spelling of each token: it refuses a last character with bits beyond the last byte.
        Span<byte> token = stackalloc byte[Size];
        if (text.Length != Base64Url.GetEncodedLength(Size)
            || Base64Url.DecodeFromChars(text, token, out _, out var size) != OperationStatus.Done || size != Size)
        {
            return null;
        }

        var known = false;
        foreach (var tag in tags)
        {
            known |= CryptographicOperations.FixedTimeEquals(tag.Hash(token[..^TagSize]).AsSpan(0, TagSize), token[^TagSize..]);
        }

        if (!known)
        {
            return null;
        }

        var sessionId = new Guid(token[..IdSize], bigEndian: true);
        var bytes = token.ToArray();
        return new PresentedRefreshToken(
            sessionId,
            hasher.Candidates(HashPurpose.RefreshToken, text),
            [.. successors.Select((successor, secretKey) => Seal(sessionId, successor.Hash(bytes), secretKey))]);
    }

    // Tag and hash by one secret key: an instance that does not have today's key yet makes and stores both by the one before.
    private RefreshToken Seal(Guid sessionId, byte[] secret, int secretKey)
    {
        Span<byte> token = stackalloc byte[Size];
        sessionId.TryWriteBytes(token, bigEndian: true, out _);
        secret.CopyTo(token[IdSize..]);
        tags[secretKey].Hash(token[..^TagSize]).AsSpan(0, TagSize).CopyTo(token[^TagSize..]);
        var text = Base64Url.EncodeToString(token);
        return new RefreshToken(text, hasher.Candidates(HashPurpose.RefreshToken, text)[secretKey]);
    }
}
