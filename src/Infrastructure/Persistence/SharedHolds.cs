using Microsoft.Extensions.DependencyInjection;
using PhoneAuth.Domain.Addresses;
using PhoneAuth.Domain.PhoneNumbers;
using PhoneAuth.Domain.Sessions;
using PhoneAuth.Domain.VerificationCodes;

namespace PhoneAuth.Infrastructure.Persistence;

/// <summary>What is held by many at the same time: the rows of numbers that ask for codes, of those that sign in, and of sessions that are refreshed.</summary>
internal sealed class SharedHolds(IServiceScopeFactory scopes, CompiledQueries queries, TimeProvider clock)
{
    public SharedUnits<AskedNumber, NumberAtSend> Sends { get; } =
        new(scopes, (context, asked) => HoldForSendAsync(queries, context, asked), found => [found.Code, found.Address], clock);

    public SharedUnits<AskedNumber, NumberAtSignIn> SignIns { get; } =
        new(scopes, (context, asked) => HoldForSignInAsync(queries, context, asked), found => [found.Code, found.Address], clock);

    public SharedUnits<Guid, SessionWithUser> Sessions { get; } =
        new(scopes, (context, ids) => HoldSessionsAsync(queries, context, ids), found => [found.Session], clock, overlap: true);

    private static async Task<Func<AskedNumber, NumberAtSend?>> HoldForSendAsync(
        CompiledQueries queries, PhoneAuthContext context, IReadOnlyList<AskedNumber> asked)
    {
        if (asked is [var one])
        {
            var code = await queries.HeldCode(context, one.Number);
            var address = one.Network is null ? null : await queries.HeldAddress(context, one.Network);
            return _ => new NumberAtSend(code, address);
        }

        var codes = await HeldRows<VerificationCode>.ReadAsync(
            context, queries.HeldCodes(context, Lists.Lengthen(asked.Select(each => each.Number))), code => code.PhoneNumber.E164);
        var addresses = await HoldAddressesAsync(queries, context, asked);
        return each => codes.TryTake(each.Number.E164, out var code) && addresses.TryShare(each.Network, out var address) ? new NumberAtSend(code, address) : null;
    }

    private static async Task<Func<AskedNumber, NumberAtSignIn?>> HoldForSignInAsync(
        CompiledQueries queries, PhoneAuthContext context, IReadOnlyList<AskedNumber> asked)
    {
        if (asked is [var one])
        {
            var found = await queries.HeldCodeWithUser(context, one.Number, [.. one.SpentHashes]);
            var address = one.Network is null ? null : await queries.HeldAddress(context, one.Network);
            return _ => new NumberAtSignIn(found?.Code, found?.User, found is { ActivationSpent: true }, address);
        }

        var codes = await HeldRows<CodeWithUser>.ReadAsync(
            context,
            queries.HeldCodesWithUsers(context, Lists.Lengthen(asked.Select(each => each.Number)), [.. asked.SelectMany(each => each.SpentHashes)]),
            found => found.Code.PhoneNumber.E164);
        var addresses = await HoldAddressesAsync(queries, context, asked);

        // Whether one of the numbers has activated a code in an earlier account is asked for all of them; whose it is, each new user finds out alone.
        return each => codes.TryTake(each.Number.E164, out var found) && found is not { User: null, ActivationSpent: true }
            && addresses.TryShare(each.Network, out var address) ? new NumberAtSignIn(found?.Code, found?.User, ActivationSpent: false, address) : null;
    }

    private static async Task<HeldRows<AddressUsage>> HoldAddressesAsync(
        CompiledQueries queries, PhoneAuthContext context, IReadOnlyList<AskedNumber> asked)
    {
        List<string> networks = [.. asked.Select(each => each.Network).OfType<string>().Distinct(StringComparer.Ordinal)];
        return networks.Count == 0
            ? HeldRows<AddressUsage>.None
            : await HeldRows<AddressUsage>.ReadAsync(context, queries.HeldAddresses(context, Lists.Lengthen(networks)), usage => usage.Address);
    }

    private static async Task<Func<Guid, SessionWithUser?>> HoldSessionsAsync(CompiledQueries queries, PhoneAuthContext context, IReadOnlyList<Guid> ids)
    {
        if (ids is [var one])
        {
            var found = await queries.HeldSessionWithUser(context, one);
            return _ => found;
        }

        var rows = new Dictionary<Guid, SessionWithUser>(ids.Count);
        await foreach (var row in queries.HeldSessionsWithUsers(context, Lists.Lengthen(ids)))
        {
            rows.Add(row.Session.Id, row);
        }

        // Of two who use one session at once the second looks at it when the first has saved.
        return id => rows.Remove(id, out var row) ? row : null;
    }
}

/// <summary>A number whose row is to be held.</summary>
/// <param name="Number">The number.</param>
/// <param name="SpentHashes">Its keyed hashes as those of a number that has activated a code.</param>
/// <param name="Network">The caller's address, whose row is to be held too, or null.</param>
internal sealed record AskedNumber(PhoneNumber Number, IReadOnlyCollection<byte[]> SpentHashes, string? Network);
