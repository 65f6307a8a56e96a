using PhoneAuth.LoadGenerator.Machines;

namespace PhoneAuth.LoadGenerator;

/// <summary>The service as it is measured: its own defaults, except where a load of one machine would meet a limit that is meant for many.</summary>
internal static class Service
{
    public const string FirstPath = "/health/ready";

    public static Server Start(Options options, string connectionString, params (string Name, string Value)[] settings)
    {
        var all = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            // Neither Production, where the inbox cannot be read, nor Development, which logs for people.
            ["ASPNETCORE_ENVIRONMENT"] = "Bench",
            ["ConnectionStrings__Database"] = connectionString,
            ["SecretKey"] = "a key for measurements alone, 0123456789",
            ["Sms__Simulated__Delay"] = "00:00:00",
            ["Sms__Simulated__Inbox"] = "true",
            ["ForwardedHeaders__KnownProxies__0"] = "127.0.0.1",
            ["Verification__ResendWait"] = "00:00:00",
            ["Verification__MaxSendsPerHour"] = "0",
            ["Verification__MaxSendsPerDay"] = "0",
            ["RateLimits__SendCodePerHour"] = "0",
            ["RateLimits__SendCodePerDay"] = "0",
            ["RateLimits__VerifyCodePerMinute"] = "0",
            ["RateLimits__FailedCodesPerDay"] = "0",
            ["Sms__Brake"] = "Off",
        };
        foreach (var (name, value) in settings)
        {
            all[name] = value;
        }

        foreach (var (name, value) in options.Settings)
        {
            all[name] = value;
        }

        return Server.Start(options["service"], FirstPath, Path.Combine(options["folder"], "service.log"), all);
    }
}
