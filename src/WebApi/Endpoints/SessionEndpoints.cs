using MediatR;
using PhoneAuth.Application.Sessions;
using PhoneAuth.Domain.Sessions;
using PhoneAuth.WebApi.Http;

namespace PhoneAuth.WebApi.Endpoints;

internal static class SessionEndpoints
{
    public static void MapSessions(this IEndpointRouteBuilder api)
    {
        api.MapPost("/refresh-token", async (JsonBody<RefreshSessionCommand> body, IMediator mediator, CancellationToken cancellationToken) =>
                (await mediator.Send(body.Value, cancellationToken)).ToHttp())
            .WithName("refreshToken").WithTags("Sessions").WithSummary("Refresh token")
            .WithDescription("A new pair of tokens for a refresh token. For a short grace the token just used gives the same successor again; used later, or once its successor was used, it ends the session.")
            .Answers<TokenResponse>(StatusCodes.Status200OK, Examples.RefreshTokenRequest, Examples.Tokens)
            .Refuses(SessionErrors.RefreshTokenInvalid);

        var own = api.MapGroup("").RequireAuthorization().WithTags("Sessions");

        own.MapPost("/sign-out", async (IMediator mediator, CancellationToken cancellationToken) =>
                (await mediator.Send(new SignOutCommand(), cancellationToken)).ToHttp())
            .WithName("signOut").WithSummary("Sign out")
            .WithDescription("Ends this session: its refresh token and, here, its access token are dead at once.")
            .AnswersNothing();

        own.MapGet("/sessions", async (IMediator mediator, CancellationToken cancellationToken) =>
                (await mediator.Send(new ListSessionsQuery(), cancellationToken)).ToHttp())
            .WithName("getSessions").WithSummary("Sessions")
            .WithDescription("The caller's signed-in devices, last used first.")
            .Answers<IReadOnlyList<SessionResponse>>(StatusCodes.Status200OK, null, Examples.Sessions);

        own.MapDelete("/sessions/{id}", async (string id, IMediator mediator, CancellationToken cancellationToken) =>
                (await mediator.Send(new EndSessionCommand(id), cancellationToken)).ToHttp())
            .WithName("endSession").WithSummary("End session")
            .WithDescription("Ends one of the caller's sessions, the current one too.")
            .AnswersNothing()
            .Refuses(SessionErrors.NotFound);

        own.MapDelete("/sessions", async (IMediator mediator, CancellationToken cancellationToken) =>
                (await mediator.Send(new EndOtherSessionsCommand(), cancellationToken)).ToHttp())
            .WithName("endOtherSessions").WithSummary("End other sessions")
            .WithDescription("Ends all of the caller's sessions but this one.")
            .AnswersNothing();
    }
}
