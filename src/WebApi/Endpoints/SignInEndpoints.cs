using MediatR;
using PhoneAuth.Application.SignIn;
using PhoneAuth.Domain.Addresses;
using PhoneAuth.Domain.Users;
using PhoneAuth.Domain.VerificationCodes;
using PhoneAuth.WebApi.Http;

namespace PhoneAuth.WebApi.Endpoints;

internal static class SignInEndpoints
{
    public static void MapSignIn(this IEndpointRouteBuilder api)
    {
        api.MapPost("/send-code", async (JsonBody<SendCodeCommand> body, IMediator mediator, CancellationToken cancellationToken) =>
                (await mediator.Send(body.Value, cancellationToken)).ToHttp(StatusCodes.Status202Accepted))
            .WithName("sendCode").WithTags("Sign-in").WithSummary("Send Code")
            .WithDescription("Sends a fresh code to a phone number, in any spelling. Answers as soon as the code is recorded; delivery goes on behind it. The answer does not tell whether the number belongs to a user. A new code replaces the live one.")
            .Answers<SendCodeResponse>(StatusCodes.Status202Accepted, Examples.SendCodeRequest, Examples.SendCodeResponse)
            .Refuses(
                VerificationCodeErrors.CountryNotSupported,
                VerificationCodeErrors.ResendTooSoon(Examples.RetryAt, Delivery.Sent),
                VerificationCodeErrors.SendLimitReached(Examples.RetryAt),
                VerificationCodeErrors.Locked(Examples.RetryAt),
                VerificationCodeErrors.Disabled,
                AddressErrors.TooManyRequests(Examples.RetryAt));

        api.MapPost("/verify-code", async (JsonBody<VerifyCodeCommand> body, IMediator mediator, CancellationToken cancellationToken) =>
                (await mediator.Send(body.Value, cancellationToken)).ToHttp())
            .RequireRateLimiting(RateLimits.VerifyCode)
            .WithName("verifyCode").WithTags("Sign-in").WithSummary("Verify Code")
            .WithDescription("Proves the number with the code that was sent to it, and signs in. The first success makes the user and gives them an invite code. A code works once; every guess is counted before it is answered.")
            .Answers<VerifyCodeResponse>(StatusCodes.Status200OK, Examples.VerifyCodeRequest, Examples.VerifyCodeResponse)
            .Refuses(
                VerificationCodeErrors.Invalid(4),
                VerificationCodeErrors.Expired,
                VerificationCodeErrors.Locked(Examples.RetryAt),
                VerificationCodeErrors.Disabled,
                AddressErrors.TooManyRequests(Examples.RetryAt),
                UserErrors.Blocked);
    }
}
