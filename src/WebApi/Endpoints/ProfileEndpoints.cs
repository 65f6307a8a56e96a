using MediatR;
using PhoneAuth.Application.Profiles;
using PhoneAuth.Domain.InviteCodes;
using PhoneAuth.WebApi.Http;

namespace PhoneAuth.WebApi.Endpoints;

internal static class ProfileEndpoints
{
    public static void MapProfile(this IEndpointRouteBuilder api)
    {
        api.MapGet("/profile", async (IMediator mediator, CancellationToken cancellationToken) =>
                (await mediator.Send(new GetProfileQuery(), cancellationToken)).ToHttp())
            .RequireAuthorization().WithMetadata(new ReadsOwnProfile())
            .WithName("getOwnProfile").WithTags("Profile").WithSummary("Own profile")
            .WithDescription("The caller's profile, for callers that do not keep the number.")
            .Answers<ProfileResponse>(StatusCodes.Status200OK, null, Examples.Profile);

        var own = api.MapGroup($"/profile/{{{OwnNumberFilter.RouteValue}}}").RequireAuthorization().AddEndpointFilter<OwnNumberFilter>().WithTags("Profile");

        own.MapGet("", async (string phoneNumber, IMediator mediator, CancellationToken cancellationToken) =>
                (await mediator.Send(new GetProfileQuery(), cancellationToken)).ToHttp())
            .WithMetadata(new ReadsOwnProfile())
            .WithName("getProfile").WithSummary("Profile")
            .WithDescription("The caller's profile: own invite code, the code they activated, and who activated theirs (the newest hundred).")
            .Answers<ProfileResponse>(StatusCodes.Status200OK, null, Examples.Profile)
            .RefusesOthers();

        own.MapPost("", async (string phoneNumber, JsonBody<ActivateInviteCodeCommand> body, IMediator mediator, CancellationToken cancellationToken) =>
                (await mediator.Send(body.Value, cancellationToken)).ToHttp())
            .WithName("activateInviteCode").WithSummary("Activate invite code")
            .WithDescription("Activates another user's invite code, once ever. Codes are matched without regard to case, spaces and dashes.")
            .Answers<ProfileResponse>(StatusCodes.Status200OK, Examples.ActivateInviteCodeRequest, Examples.ProfileWithActivation)
            .RefusesOthers(
                InviteCodeErrors.AlreadyActivated,
                InviteCodeErrors.TooManyAttempts(Examples.RetryAt),
                InviteCodeErrors.Own,
                InviteCodeErrors.NotFound);

        own.MapPost("/invite-code", async (string phoneNumber, IMediator mediator, CancellationToken cancellationToken) =>
                (await mediator.Send(new ReplaceInviteCodeCommand(), cancellationToken)).ToHttp())
            .WithName("replaceInviteCode").WithSummary("Replace invite code")
            .WithDescription("Gives the caller another invite code. The old one stops being valid; past activations stay.")
            .Answers<ProfileResponse>(StatusCodes.Status200OK, null, Examples.Profile)
            .RefusesOthers();

        own.MapGet("/invited-users", async (string phoneNumber, string? limit, string? after, IMediator mediator, CancellationToken cancellationToken) =>
                (await mediator.Send(new ListInvitedUsersQuery(limit, after), cancellationToken)).ToHttp())
            .WithName("getInvitedUsers").WithSummary("Invited users")
            .WithDescription("Who activated the caller's code, newest first, page by page: send the `next` of a page as `after` to get the page behind it.")
            .Answers<InvitedUsersResponse>(StatusCodes.Status200OK, null, Examples.InvitedUsers)
            .RefusesOthers();

        own.MapDelete("", async (string phoneNumber, IMediator mediator, CancellationToken cancellationToken) =>
                (await mediator.Send(new DeleteAccountCommand(), cancellationToken)).ToHttp())
            .WithName("deleteAccount").WithSummary("Delete account")
            .WithDescription("Deletes the account and all its sessions. What remains is that this number has activated an invite code, if it has, as a keyed hash.")
            .AnswersNothing()
            .RefusesOthers();
    }
}
