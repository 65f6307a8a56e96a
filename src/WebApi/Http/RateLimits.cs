using System.Threading.RateLimiting;
using PhoneAuth.Application.Abstractions;
using PhoneAuth.Domain.Addresses;

namespace PhoneAuth.WebApi.Http;

/// <summary>The limit that may be forgotten at a restart: verifications a minute. Those that may not are in the database.</summary>
internal static class RateLimits
{
    public const string VerifyCode = "verify-code";

    private const int Segments = 6;
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    public static IServiceCollection AddRateLimits(this IServiceCollection services) => services.AddRateLimiter(options =>
    {
        options.AddPolicy(VerifyCode, context =>
        {
            var limit = context.RequestServices.GetRequiredService<AddressPolicy>().VerifyCodePerMinute;
            return limit == 0 || Caller.NetworkOf(context.Connection.RemoteIpAddress) is not { } network
                ? RateLimitPartition.GetNoLimiter("")
                : RateLimitPartition.GetSlidingWindowLimiter(
                    network, _ => new SlidingWindowRateLimiterOptions { PermitLimit = limit, Window = Minute, SegmentsPerWindow = Segments });
        });
        options.OnRejected = async (rejected, _) =>
        {
            var wait = rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after : Minute;
            var clock = rejected.HttpContext.RequestServices.GetRequiredService<TimeProvider>();
            await new ProblemResult(AddressErrors.TooManyRequests(clock.UtcNow() + wait)).ExecuteAsync(rejected.HttpContext);
        };
    });
}
