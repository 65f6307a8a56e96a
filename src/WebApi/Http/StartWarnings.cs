using PhoneAuth.Application.Abstractions;
using PhoneAuth.Application.SignIn;
using PhoneAuth.Domain.Addresses;
using PhoneAuth.Domain.VerificationCodes;
using PhoneAuth.Infrastructure.Sms;

namespace PhoneAuth.WebApi.Http;

/// <summary>What an operator ought to know of settings that are allowed, and yet.</summary>
internal static partial class StartWarnings
{
    public static void WarnOfSettings(this WebApplication app)
    {
        var services = app.Services;
        var logger = services.GetRequiredService<ILoggerFactory>().CreateLogger("PhoneAuth.WebApi.Start");
        var verification = services.GetRequiredService<VerificationPolicy>();
        var live = services.GetRequiredService<TestNumbers>().Live(services.GetRequiredService<TimeProvider>().UtcNow()).Select(number => number.Masked).ToList();
        if (live.Count > 0)
        {
            TestNumbersLive(logger, string.Join(", ", live));
        }

        if (app.Environment.IsProduction() && services.GetRequiredService<SmsOptions>().IsSimulated)
        {
            Simulated(logger);
        }

        if (app.Environment.IsProduction() && services.GetRequiredService<SmsOptions>().WritesToFile)
        {
            WritesToFile(logger);
        }

        foreach (var (language, text) in services.GetRequiredService<SmsTexts>().Longest(verification.CodeLength))
        {
            if (SmsSegments.Count(text) is > 1 and var segments)
            {
                ManySegments(logger, language, segments, text.Length, SmsSegments.IsGsm7(text) ? "7-bit" : "UCS-2");
            }
        }

        if (!app.Environment.IsDevelopment() && verification.CodeLength == 4)
        {
            var addresses = services.GetRequiredService<AddressPolicy>();
            ShortCodes(
                logger,
                GuessingRisk.TakeoversPerAddressAndDay(addresses, 4),
                GuessingRisk.TakeoversPerAddressAndDay(addresses, 6),
                GuessingRisk.TakeoversPerAddressAndDay(addresses, 8));
        }
    }

    [LoggerMessage(LogLevel.Warning, "Test numbers have fixed codes that are never sent: {TestNumbers}")]
    private static partial void TestNumbersLive(ILogger logger, string testNumbers);

    [LoggerMessage(LogLevel.Warning, "Sms:Provider has File in it: its texts are written to a file, and no phone gets them")]
    private static partial void WritesToFile(ILogger logger);

    [LoggerMessage(LogLevel.Warning, "The text in {Language} costs {Segments} segments: {Length} {Alphabet} characters (Sms:Templates, Sms:AppName, Sms:Domain)")]
    private static partial void ManySegments(ILogger logger, string language, int segments, int length, string alphabet);

    [LoggerMessage(LogLevel.Warning, "Sms:Provider is Simulated: no text reaches a phone")]
    private static partial void Simulated(ILogger logger);

    [LoggerMessage(
        LogLevel.Warning,
        "Codes have 4 digits: expected take-overs per attacking address and day are {Four:0.#########}, with 6 digits {Six:0.#########}, with 8 digits {Eight:0.#########} (Verification:CodeLength)")]
    private static partial void ShortCodes(ILogger logger, double four, double six, double eight);
}
