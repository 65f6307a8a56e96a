using FluentValidation;
using MediatR;
using PhoneAuth.Application.Abstractions;
using PhoneAuth.Application.Sessions;
using PhoneAuth.Application.SignIn;
using PhoneAuth.Domain;
using PhoneAuth.Domain.PhoneNumbers;
using PhoneAuth.Domain.Users;
using PhoneAuth.Domain.VerificationCodes;

namespace PhoneAuth.Application.Operators;

/// <summary>Shows an operator what is known of a number.</summary>
/// <param name="PhoneNumber">The number, in any spelling.</param>
public sealed record ShowUserQuery(string? PhoneNumber) : IRequest<Result<NumberReport>>;

/// <summary>What is known of a number: no code, no hash, no token.</summary>
/// <param name="User">The user, or null where there is none.</param>
/// <param name="Sessions">Sessions that have not ended.</param>
/// <param name="Sends">Codes sent in the last day.</param>
/// <param name="ConsecutiveFailures">Wrong codes since the last success.</param>
/// <param name="LockedUntil">When the number's lock ends, UTC; null where it is not locked.</param>
/// <param name="Disabled">Whether only an operator can unlock it.</param>
public sealed record NumberReport(
    User? User, IReadOnlyList<SessionResponse> Sessions, int Sends, int ConsecutiveFailures, DateTimeOffset? LockedUntil, bool Disabled);

internal sealed class ShowUserValidator : AbstractValidator<ShowUserQuery>
{
    public ShowUserValidator(PhoneNumberPolicy numbers) => RuleFor(query => query.PhoneNumber).IsPhoneNumber(numbers);
}

internal sealed class ShowUserHandler(
    IUserRepository users,
    ISessionReader sessions,
    IVerificationCodeRepository codes,
    PhoneNumberPolicy numbers,
    VerificationPolicy policy,
    TimeProvider clock) : IRequestHandler<ShowUserQuery, Result<NumberReport>>
{
    public async Task<Result<NumberReport>> Handle(ShowUserQuery query, CancellationToken cancellationToken)
    {
        var phoneNumber = PhoneNumber.Parse(query.PhoneNumber, numbers.DefaultCountryCode).Value!;
        var now = clock.UtcNow();
        var user = await users.FindAsync(phoneNumber, cancellationToken);
        var verification = await codes.FindAsync(phoneNumber, cancellationToken);
        if (user is null && verification is null)
        {
            return UserErrors.NotFound;
        }

        var barred = verification?.Barred(now, policy);
        return new NumberReport(
            user,
            user is null ? [] : await sessions.ListAsync(user.Id, now, cancellationToken),
            verification?.Sends.CountAfter(now.AddDays(-1)) ?? 0,
            verification?.ConsecutiveFailures ?? 0,
            barred?.RetryAt,
            barred is { RetryAt: null });
    }
}
