using FluentValidation;
using MediatR;
using PhoneAuth.Application.Abstractions;
using PhoneAuth.Application.Profiles;
using PhoneAuth.Application.Sessions;
using PhoneAuth.Application.SignIn;
using PhoneAuth.Domain;
using PhoneAuth.Domain.PhoneNumbers;
using PhoneAuth.Domain.Users;
using PhoneAuth.Domain.VerificationCodes;

namespace PhoneAuth.Application.Operators;

/// <summary>All that is stored of a number, for the person whose number it is (GDPR art. 15 and 20).</summary>
/// <param name="PhoneNumber">The number, in any spelling.</param>
public sealed record ExportUserQuery(string? PhoneNumber) : IRequest<Result<NumberExport>>;

/// <summary>All that is stored of a number; no code, no hash, no token.</summary>
/// <param name="PhoneNumber">The number in E.164.</param>
/// <param name="ExportedAt">When this was read, UTC.</param>
/// <param name="User">The account, or null where there is none.</param>
/// <param name="Sessions">Signed-in devices.</param>
/// <param name="Verification">What is counted of the number, or null where nothing is.</param>
/// <param name="Texts">Texts of the last two days that a gateway took under an id of its own, newest first.</param>
/// <param name="HasActivatedBefore">Whether a keyed hash remembers that an earlier account of this number activated an invite code.</param>
public sealed record NumberExport(
    string PhoneNumber,
    DateTimeOffset ExportedAt,
    ExportedUser? User,
    IReadOnlyList<ExportedSession> Sessions,
    ExportedVerification? Verification,
    IReadOnlyList<ExportedText> Texts,
    bool HasActivatedBefore);

/// <summary>An account.</summary>
/// <param name="Id">Its id.</param>
/// <param name="CreatedAt">When the number first signed in, UTC.</param>
/// <param name="BlockedAt">When an operator blocked it, UTC, or null.</param>
/// <param name="InviteCode">Its own invite code.</param>
/// <param name="ActivatedInviteCode">The code of somebody else that it activated, or null.</param>
/// <param name="ActivatedAt">When, UTC, or null.</param>
/// <param name="InvitedUsers">Who activated its codes, newest first: what the user can see too.</param>
public sealed record ExportedUser(
    Guid Id,
    DateTimeOffset CreatedAt,
    DateTimeOffset? BlockedAt,
    string InviteCode,
    string? ActivatedInviteCode,
    DateTimeOffset? ActivatedAt,
    IReadOnlyList<InvitedUserResponse> InvitedUsers);

/// <summary>A signed-in device.</summary>
/// <param name="Id">The session's id.</param>
/// <param name="DeviceName">What it calls itself, or null.</param>
/// <param name="UserAgent">The browser or program it signed in with, or null.</param>
/// <param name="IpAddress">The address it signed in from, or null.</param>
/// <param name="CreatedAt">When it signed in, UTC.</param>
/// <param name="LastUsedAt">When it signed in or was last refreshed, UTC.</param>
/// <param name="ExpiresAt">When it ends unless it is refreshed before, UTC.</param>
public sealed record ExportedSession(
    Guid Id, string? DeviceName, string? UserAgent, string? IpAddress, DateTimeOffset CreatedAt, DateTimeOffset LastUsedAt, DateTimeOffset ExpiresAt);

/// <summary>What is counted of a number.</summary>
/// <param name="LastCodeIssuedAt">When a code was last asked for, UTC, or null.</param>
/// <param name="CodesInTheLastDay">Codes sent in the last day.</param>
/// <param name="WrongCodesRemembered">Wrong codes within the failure window.</param>
/// <param name="WrongCodesSinceSuccess">Wrong codes since the last success.</param>
/// <param name="Locks">Locks since the last success.</param>
/// <param name="LockedUntil">When the lock ends, UTC, or null.</param>
/// <param name="UpdatedAt">The last change, UTC.</param>
public sealed record ExportedVerification(
    DateTimeOffset? LastCodeIssuedAt,
    int CodesInTheLastDay,
    int WrongCodesRemembered,
    int WrongCodesSinceSuccess,
    int Locks,
    DateTimeOffset? LockedUntil,
    DateTimeOffset UpdatedAt);

internal sealed class ExportUserValidator : AbstractValidator<ExportUserQuery>
{
    public ExportUserValidator(PhoneNumberPolicy numbers) => RuleFor(query => query.PhoneNumber).IsPhoneNumber(numbers);
}

internal sealed class ExportUserHandler(
    IUserRepository users,
    ISessionReader sessions,
    IProfileReader profiles,
    IVerificationCodeRepository codes,
    ISentTexts sentTexts,
    IKeyedHasher hasher,
    PhoneNumberPolicy numbers,
    TimeProvider clock) : IRequestHandler<ExportUserQuery, Result<NumberExport>>
{
    private const int PageSize = 500;

    public async Task<Result<NumberExport>> Handle(ExportUserQuery query, CancellationToken cancellationToken)
    {
        var phoneNumber = PhoneNumber.Parse(query.PhoneNumber, numbers.DefaultCountryCode).Value!;
        var now = clock.UtcNow();
        var user = await users.FindAsync(phoneNumber, cancellationToken);
        var verification = await codes.FindAsync(phoneNumber, cancellationToken);
        var hasActivated = await users.HasSpentActivationAsync(hasher.Candidates(HashPurpose.SpentActivation, phoneNumber.E164), cancellationToken);
        var texts = await sentTexts.ListAsync(phoneNumber, cancellationToken);
        if (user is null && verification is null && texts.Count == 0 && !hasActivated)
        {
            return UserErrors.NotFound;
        }

        return new NumberExport(
            phoneNumber.E164,
            now,
            user is null ? null : new ExportedUser(
                user.Id, user.CreatedAt, user.BlockedAt, user.InviteCode.Value, user.ActivatedInviteCode?.Value, user.ActivatedAt, await InvitedAsync(user.Id, cancellationToken)),
            user is null ? [] : await SessionsAsync(user.Id, now, cancellationToken),
            verification is null ? null : new ExportedVerification(
                verification.IssuedAt,
                verification.Sends.CountAfter(now.AddDays(-1)),
                verification.Failures.Count,
                verification.ConsecutiveFailures,
                verification.Locks,
                verification.LockedUntil,
                verification.UpdatedAt),
            texts,
            hasActivated);
    }

    private async Task<List<InvitedUserResponse>> InvitedAsync(Guid userId, CancellationToken cancellationToken)
    {
        var all = new List<InvitedUserResponse>();
        string? next = null;
        do
        {
            var page = await profiles.ListInvitedAsync(userId, InvitedUsersCursor.Parse(next), PageSize, cancellationToken);
            all.AddRange(page.Items);
            next = page.Next;
        }
        while (next is not null);
        return all;
    }

    private async Task<List<ExportedSession>> SessionsAsync(Guid userId, DateTimeOffset now, CancellationToken cancellationToken) =>
    [
        .. (await sessions.ListAsync(userId, now, cancellationToken)).Select(session => new ExportedSession(
            session.Id, session.DeviceName, session.UserAgent, session.IpAddress, session.CreatedAt, session.LastUsedAt, session.ExpiresAt)),
    ];
}
