using System.Buffers.Text;
using System.Text;
using System.Text.Json;

namespace PhoneAuth.WebApi.Tests.Harness;

/// <summary>Tokens taken apart and put together by hand, as somebody would who means no good.</summary>
internal static class Jwt
{
    public static JsonElement Header(string token) => Part(token, 0);

    public static JsonElement Payload(string token) => Part(token, 1);

    public static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));

    private static JsonElement Part(string token, int index) => JsonDocument.Parse(Base64Url.DecodeFromChars(token.Split('.')[index])).RootElement;
}
