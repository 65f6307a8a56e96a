using AutoMapper;
using AutoMapper.QueryableExtensions;
using Microsoft.EntityFrameworkCore;
using PhoneAuth.Application.Profiles;
using PhoneAuth.Domain.Addresses;
using PhoneAuth.Domain.PhoneNumbers;
using PhoneAuth.Domain.Sessions;
using PhoneAuth.Domain.Users;
using PhoneAuth.Domain.VerificationCodes;

namespace PhoneAuth.Infrastructure.Persistence;

/// <summary>
/// The queries that every sign-in, refresh and profile asks, translated once: EF would else walk each one's expression to find its
/// translation, which costs more than the database's part of it. One for each instance of the service, as they belong to its model.
/// </summary>
internal sealed class CompiledQueries
{
    public CompiledQueries(IMapper mapper)
    {
        var toProfile = mapper.ConfigurationProvider.ExpressionBuilder.GetMapExpression<User, ProfileResponse>();

        HeldCode = EF.CompileAsyncQuery((PhoneAuthContext context, PhoneNumber number) =>
            context.VerificationCodes.AsNoTracking().TagWith(Hold.FirstTable).FirstOrDefault(code => code.PhoneNumber == number));

        HeldAddress = EF.CompileAsyncQuery((PhoneAuthContext context, string address) =>
            context.AddressUsages.AsNoTracking().TagWith(Hold.FirstTable).FirstOrDefault(usage => usage.Address == address));

        HeldCodeWithUser = EF.CompileAsyncQuery((PhoneAuthContext context, PhoneNumber number, byte[][] spentHashes) =>
            context.VerificationCodes.AsNoTracking().TagWith(Hold.NumberBefore)
                .Where(code => code.PhoneNumber == number)
                .LeftJoin(
                    context.Users,
                    code => code.PhoneNumber,
                    user => user.PhoneNumber,
                    (code, user) => new CodeWithUser(code, user, context.SpentActivations.Any(spent => spentHashes.Contains(spent.PhoneHash))))
                .FirstOrDefault());

        HeldSessionWithUser = EF.CompileAsyncQuery((PhoneAuthContext context, Guid id) =>
            context.Sessions.AsNoTracking().TagWith(Hold.FirstTable)
                .Where(session => session.Id == id)
                .Join(context.Users, held => held.UserId, user => user.Id, (held, user) => new SessionWithUser(held, user))
                .FirstOrDefault());

        HeldCodes = EF.CompileAsyncQuery((PhoneAuthContext context, PhoneNumber[] numbers) =>
            context.VerificationCodes.AsNoTracking().TagWith(Hold.FreeNumbersBefore).Where(code => numbers.Contains(code.PhoneNumber)));

        HeldAddresses = EF.CompileAsyncQuery((PhoneAuthContext context, string[] addresses) =>
            context.AddressUsages.AsNoTracking().TagWith(Hold.FreeAddressesBefore).Where(usage => addresses.Contains(usage.Address)));

        HeldCodesWithUsers = EF.CompileAsyncQuery((PhoneAuthContext context, PhoneNumber[] numbers, byte[][] spentHashes) =>
            context.VerificationCodes.AsNoTracking().TagWith(Hold.FreeNumbersBefore)
                .Where(code => numbers.Contains(code.PhoneNumber))
                .LeftJoin(
                    context.Users,
                    code => code.PhoneNumber,
                    user => user.PhoneNumber,
                    (code, user) => new CodeWithUser(code, user, context.SpentActivations.Any(spent => spentHashes.Contains(spent.PhoneHash)))));

        HeldSessionsWithUsers = EF.CompileAsyncQuery((PhoneAuthContext context, Guid[] ids) =>
            context.Sessions.AsNoTracking().TagWith(Hold.FreeOfFirstTable)
                .Where(session => ids.Contains(session.Id))
                .Join(context.Users, held => held.UserId, user => user.Id, (held, user) => new SessionWithUser(held, user)));

        var toLiveSession = Persistence.LiveSession.With(toProfile);
        LiveSession = EF.CompileAsyncQuery((PhoneAuthContext context, Guid id) =>
            context.Sessions.Where(session => session.Id == id).Join(context.Users, session => session.UserId, user => user.Id, toLiveSession).FirstOrDefault());

        LiveSessions = EF.CompileAsyncQuery((PhoneAuthContext context, Guid[] ids) =>
            context.Sessions.Where(session => ids.Contains(session.Id)).Join(context.Users, session => session.UserId, user => user.Id, toLiveSession));

        Profile = EF.CompileAsyncQuery((PhoneAuthContext context, Guid userId) =>
            context.Users.AsNoTracking().Where(user => user.Id == userId).Select(toProfile).FirstOrDefault());
    }

    public Func<PhoneAuthContext, PhoneNumber, Task<VerificationCode?>> HeldCode { get; }

    public Func<PhoneAuthContext, string, Task<AddressUsage?>> HeldAddress { get; }

    public Func<PhoneAuthContext, PhoneNumber, byte[][], Task<CodeWithUser?>> HeldCodeWithUser { get; }

    public Func<PhoneAuthContext, Guid, Task<SessionWithUser?>> HeldSessionWithUser { get; }

    /// <summary>Those of a list that are free; <see cref="PhoneAuthContext.HeldKeys"/> says which of the rows that come are held.</summary>
    public Func<PhoneAuthContext, PhoneNumber[], IAsyncEnumerable<VerificationCode>> HeldCodes { get; }

    /// <summary>Those of a list that are free, as <see cref="HeldCodes"/>.</summary>
    public Func<PhoneAuthContext, string[], IAsyncEnumerable<AddressUsage>> HeldAddresses { get; }

    /// <summary>Those of a list that are free, as <see cref="HeldCodes"/>; whether any of the hashes is that of a spent activation stands in each of them.</summary>
    public Func<PhoneAuthContext, PhoneNumber[], byte[][], IAsyncEnumerable<CodeWithUser>> HeldCodesWithUsers { get; }

    /// <summary>Those of a list that are free, and no others.</summary>
    public Func<PhoneAuthContext, Guid[], IAsyncEnumerable<SessionWithUser>> HeldSessionsWithUsers { get; }

    public Func<PhoneAuthContext, Guid, Task<LiveSession?>> LiveSession { get; }

    public Func<PhoneAuthContext, Guid[], IAsyncEnumerable<LiveSession>> LiveSessions { get; }

    public Func<PhoneAuthContext, Guid, Task<ProfileResponse?>> Profile { get; }
}

/// <summary>A number's row that is held, and what a sign-in asks beside it.</summary>
internal sealed record CodeWithUser(VerificationCode Code, User? User, bool ActivationSpent);
