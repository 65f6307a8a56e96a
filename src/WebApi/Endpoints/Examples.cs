using PhoneAuth.Application.Profiles;
using PhoneAuth.Application.Sessions;
using PhoneAuth.Application.SignIn;
using PhoneAuth.Infrastructure.Sms;

namespace PhoneAuth.WebApi.Endpoints;

/// <summary>The examples of the OpenAPI document: one story, told through all calls.</summary>
internal static class Examples
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 9, 30, 0, TimeSpan.Zero);
    private static readonly Guid SessionId = new("019aaad4-8d40-7c1e-9d0a-3f5f8a1b2c3d");

    public static readonly DateTimeOffset RetryAt = Now.AddMinutes(1);

    public static readonly SendCodeCommand SendCodeRequest = new("+79001234567");
    public static readonly SendCodeResponse SendCodeResponse = new("+79001234567", 4, Now.AddMinutes(5), RetryAt);
    public static readonly VerifyCodeCommand VerifyCodeRequest = new("+79001234567", "0427", "Pixel 9");
    public static readonly ActivateInviteCodeCommand ActivateInviteCodeRequest = new("K7M2QX");
    public static readonly RefreshSessionCommand RefreshTokenRequest = new(RefreshToken);

    public static readonly ProfileResponse Profile = ProfileWith(null, new InvitedUserResponse { PhoneNumber = "+79007654321", ActivatedAt = Now.AddMinutes(3) });
    public static readonly ProfileResponse ProfileWithActivation = ProfileWith("K7M2QX");

    public static readonly VerifyCodeResponse VerifyCodeResponse = new(
        "Bearer",
        AccessToken,
        600,
        RefreshToken,
        Now.AddDays(30),
        true,
        ProfileWith(null));

    public static readonly TokenResponse Tokens = new("Bearer", AccessToken, 600, RefreshToken, Now.AddDays(30));

    public static readonly InvitedUsersResponse InvitedUsers = new(Profile.InvitedUsers, null);

    public static readonly IReadOnlyList<SessionResponse> Sessions =
    [
        new()
        {
            Id = SessionId,
            IsCurrent = true,
            DeviceName = "Pixel 9",
            UserAgent = "Mozilla/5.0 (Linux; Android 16)",
            IpAddress = "203.0.113.7",
            CreatedAt = Now,
            LastUsedAt = Now,
            ExpiresAt = Now.AddDays(30),
        },
    ];

    public static readonly IReadOnlyList<InboxMessage> Inbox =
        [new("+79001234567", "0427 is your sign-in code. Do not share it with anyone.", "0427", Now.AddSeconds(2))];

    public static readonly DiscoveryDocument Discovery = new(
        "https://auth.example.com", "https://auth.example.com/.well-known/jwks.json", ["ES256"], ["public"], ["none"], MachineEndpoints.ClaimsSupported);

    public static readonly KeySet Keys = new(
        [new PublicKey("EC", "P-256", "sig", "ES256", "pIJzhDm8IRh7rUgEzcBWyY1iAhsPIHPhHFS5vAfVZGo",
            "x6Gz5BAa7dYJaBq3Ssx3ruy_0Ke8oPdxzP6oqShhlYg", "HBkfcIAcTL4a5YW3nVf0vLzbo2xCgUhRYCqpXhZGxsQ")]);

    public static readonly object Receipt = new { id = SessionId, status = "delivered" };

    private const string AccessToken = "eyJhbGciOiJFUzI1NiIsImtpZCI6Ii4uLiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIuLi4ifQ.c2lnbmF0dXJl";
    private const string RefreshToken = "AZqq1I1AfB6dCj9fihssPQ-a-refresh-token-is-opaque";

    private static ProfileResponse ProfileWith(string? activated, params InvitedUserResponse[] invited) => new()
    {
        PhoneNumber = "+79001234567",
        CreatedAt = Now,
        InviteCode = "W4T8ZP",
        ActivatedInviteCode = activated,
        CanActivateInviteCode = activated is null,
        InvitedUsersCount = invited.Length,
        InvitedUsers = invited,
    };
}
