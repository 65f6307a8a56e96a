using MediatR;
using PhoneAuth.Application.Abstractions;
using PhoneAuth.Domain;
using PhoneAuth.Domain.Users;

namespace PhoneAuth.Application.Profiles;

/// <summary>Reads the caller's own profile.</summary>
public sealed record GetProfileQuery : IRequest<Result<ProfileResponse>>;

internal sealed class GetProfileHandler(ICurrentUser caller, IProfileReader profiles) : IRequestHandler<GetProfileQuery, Result<ProfileResponse>>
{
    public async Task<Result<ProfileResponse>> Handle(GetProfileQuery query, CancellationToken cancellationToken) =>
        await profiles.FindAsync(caller.UserId, cancellationToken) is { } profile ? profile : UserErrors.Unauthenticated;
}
