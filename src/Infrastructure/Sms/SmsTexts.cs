using PhoneAuth.Application.Abstractions;

namespace PhoneAuth.Infrastructure.Sms;

/// <summary>What a phone shows.</summary>
internal static class SmsTexts
{
    public static string For(CodeMessage message) => string.Equals(message.Language, "ru", StringComparison.Ordinal)
        ? $"{message.Code} — ваш код для входа. Никому его не сообщайте."
        : $"{message.Code} is your sign-in code. Do not share it with anyone.";
}
