namespace PhoneAuth.Resilience.Tests.Harness;

/// <summary>The service without the limits that a load from one address would meet.</summary>
internal static class Unlimited
{
    public static (string Key, string Value)[] Settings =>
    [
        ("Verification:MaxSendsPerHour", "0"), ("Verification:MaxSendsPerDay", "0"), ("RateLimits:FailedCodesPerDay", "0"), ("Serilog:MinimumLevel:Default", "Warning"),

        // A process that lives for a few seconds only pays for it.
        .. Form.Of<(string, string)[]>([("DOTNET_TieredPGO", "0")], []),
    ];
}
