using System.Text.Json;
using System.Text.Json.Serialization;
using PhoneAuth.Application.Abstractions;
using PhoneAuth.Domain.PhoneNumbers;
using PhoneAuth.Infrastructure.Security;

namespace PhoneAuth.Infrastructure.Sms;

/// <summary>Seals codes on their way, for the time that they lie in the database.</summary>
internal sealed class TextSeal(Sealer sealer)
{
    private const string Purpose = "text";
    private static readonly JsonSerializerOptions Json = new() { Converters = { new PhoneNumberConverter() } };

    public byte[] Seal(CodeMessage message) => sealer.Seal(Purpose, JsonSerializer.SerializeToUtf8Bytes(message, Json));

    /// <summary>Opens what was sealed; null where it was sealed with a key that is gone, or for another row.</summary>
    public CodeMessage? Open(byte[] sealedText, Guid messageId, PhoneNumber phoneNumber) =>
        sealer.Open(Purpose, sealedText) is { } plain && JsonSerializer.Deserialize<CodeMessage>(plain, Json) is { } message
        && message.Id == messageId && message.PhoneNumber == phoneNumber
            ? message
            : null;

    private sealed class PhoneNumberConverter : JsonConverter<PhoneNumber>
    {
        public override PhoneNumber Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => PhoneNumber.FromStorage(reader.GetString()!);

        public override void Write(Utf8JsonWriter writer, PhoneNumber value, JsonSerializerOptions options) => writer.WriteStringValue(value.E164);
    }
}
