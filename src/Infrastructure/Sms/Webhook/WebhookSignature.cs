using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace PhoneAuth.Infrastructure.Sms.Webhook;

/// <summary>
/// Signs and checks as the Standard Webhooks specification has it (https://github.com/standard-webhooks/standard-webhooks):
/// <c>v1,</c> and the Base64 of the HMAC-SHA256 of id, timestamp and body, joined by dots.
/// </summary>
internal sealed class WebhookSignature
{
    public const string IdHeader = "webhook-id";
    public const string TimestampHeader = "webhook-timestamp";
    public const string SignatureHeader = "webhook-signature";

    /// <summary>How far a message's time may be from ours.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);

    private const string SecretPrefix = "whsec_";
    private const string Version = "v1,";
    private const int MostSignatures = 8;

    private readonly byte[] key;

    private WebhookSignature(byte[] key) => this.key = key;

    /// <summary>Reads a secret: <c>whsec_</c> and the Base64 of 24 to 64 bytes; null where it is not that.</summary>
    /// <param name="secret">The secret.</param>
    public static WebhookSignature? Of(string? secret)
    {
        if (secret?.StartsWith(SecretPrefix, StringComparison.Ordinal) is not true)
        {
            return null;
        }

        var bytes = new byte[secret.Length];
        return Convert.TryFromBase64String(secret[SecretPrefix.Length..], bytes, out var size) && size is >= 24 and <= 64 ? new WebhookSignature(bytes[..size]) : null;
    }

    /// <summary>The signature of a message, as its header has it.</summary>
    /// <param name="id">The message's id.</param>
    /// <param name="timestamp">When it is sent, in seconds since 1970.</param>
    /// <param name="body">Its body.</param>
    public string Sign(string id, long timestamp, ReadOnlySpan<byte> body) =>
        Version + Convert.ToBase64String(Hash(id, timestamp.ToString(CultureInfo.InvariantCulture), body));

    /// <summary>Whether a message has a signature of ours and is of this moment.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="timestamp">Its time, as its header has it.</param>
    /// <param name="signatures">Its signatures, parted by spaces, as its header has them.</param>
    /// <param name="body">Its body.</param>
    /// <param name="now">Now, in UTC.</param>
    public bool Verify(string? id, string? timestamp, string? signatures, ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        if (string.IsNullOrEmpty(id) || signatures is null
            || !long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            || Math.Abs(now.ToUnixTimeSeconds() - seconds) > (long)Tolerance.TotalSeconds)
        {
            return false;
        }

        var expected = Encoding.ASCII.GetBytes(Version + Convert.ToBase64String(Hash(id, timestamp, body)));
        var found = false;
        foreach (var signature in signatures.Split(' ', MostSignatures + 1, StringSplitOptions.RemoveEmptyEntries).Take(MostSignatures))
        {
            found |= CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(signature), expected);
        }

        return found;
    }

    private byte[] Hash(string id, string timestamp, ReadOnlySpan<byte> body)
    {
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        hash.AppendData(Encoding.UTF8.GetBytes($"{id}.{timestamp}."));
        hash.AppendData(body);
        return hash.GetHashAndReset();
    }
}
