using AutoMapper;
using Microsoft.EntityFrameworkCore;
using PhoneAuth.Application.Profiles;
using PhoneAuth.Domain.Users;

namespace PhoneAuth.Infrastructure.Persistence;

internal sealed class ProfileReader(PhoneAuthContext context, IMapper mapper, CompiledQueries queries, LiveSessions live) : IProfileReader
{
    /// <summary>What was read with the check of the session: good for one reading in the same request.</summary>
    private (Guid UserId, ProfileResponse Profile)? read;

    public ProfileResponse Of(User user) => mapper.Map<ProfileResponse>(user);

    public async Task<ProfileResponse?> FindAsync(Guid userId, CancellationToken cancellationToken)
    {
        var already = read;
        read = null;
        return already?.UserId == userId ? already.Value.Profile : await WithInvitedAsync(await queries.Profile(context, userId), userId, cancellationToken);
    }

    public async Task<ProfileResponse?> FindAsync(Guid userId, Guid sessionId, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var profile = await WithInvitedAsync(await live.FindProfileAsync(sessionId, userId, now), userId, cancellationToken);
        read = profile is null ? null : (userId, profile);
        return profile;
    }

    public async Task<InvitedUsersResponse> ListInvitedAsync(Guid userId, InvitedUsersCursor? after, int limit, CancellationToken cancellationToken)
    {
        var invited = context.Users.AsNoTracking().Where(user => user.InviterId == userId);
        if (after is not null)
        {
            // The first condition is implied by the second; it lets the index begin where the page begins.
            invited = invited
                .Where(user => user.ActivatedAt <= after.ActivatedAt)
                .Where(user => user.ActivatedAt < after.ActivatedAt || user.Id < after.UserId);
        }

        var page = await invited
            .OrderByDescending(user => user.ActivatedAt).ThenByDescending(user => user.Id)
            .Take(limit + 1)
            .Select(user => new { user.Id, user.PhoneNumber, ActivatedAt = user.ActivatedAt!.Value })
            .ToListAsync(cancellationToken);
        var next = page.Count > limit ? new InvitedUsersCursor(page[limit - 1].ActivatedAt, page[limit - 1].Id).ToString() : null;
        return new InvitedUsersResponse(
            [.. page.Take(limit).Select(user => new InvitedUserResponse { PhoneNumber = user.PhoneNumber.E164, ActivatedAt = user.ActivatedAt })], next);
    }

    private async Task<ProfileResponse?> WithInvitedAsync(ProfileResponse? profile, Guid userId, CancellationToken cancellationToken)
    {
        if (profile is null or { InvitedUsersCount: 0 })
        {
            return profile;
        }

        // Read a moment after the count: as long as the list is whole, it is the count.
        var page = await ListInvitedAsync(userId, null, ProfileResponse.MaxInvitedUsers, cancellationToken);
        return profile.With(page.Items, page.Next is null ? page.Items.Count : profile.InvitedUsersCount);
    }
}
