using System.Diagnostics.CodeAnalysis;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using PhoneAuth.Application.Abstractions;
using PhoneAuth.Domain.Limits;
using PhoneAuth.Domain.VerificationCodes;
using PhoneAuth.Infrastructure.Security;

namespace PhoneAuth.Infrastructure.Persistence;

/// <summary>How many rows a purge removed.</summary>
/// <param name="VerificationCodes">Numbers of which nothing is counted any longer.</param>
/// <param name="Sessions">Sessions that have expired.</param>
/// <param name="Addresses">Addresses whose windows have ended.</param>
/// <param name="Receipts">Texts of which gateways report no longer.</param>
/// <param name="SigningKeys">Signing keys whose last token has died.</param>
public sealed record PurgeReport(int VerificationCodes, int Sessions, int Addresses, int Receipts, int SigningKeys);

/// <summary>
/// Removes what has expired, by one instance at a time. It walks each table by its key, a small batch after the other, each in a transaction
/// of its own: no index has to be kept for it on columns that every sign-in changes, and nobody waits for it.
/// </summary>
public sealed class Purge
{
    private const int BatchSize = 1000;
    private const string LeaseName = "purge";
    private static readonly TimeSpan LeaseTime = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan ReceiptTime = TimeSpan.FromDays(2);
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    private readonly IServiceScopeFactory scopes;
    private readonly SigningKeyRing keyRing;
    private readonly VerificationPolicy policy;
    private readonly TimeProvider clock;

    internal Purge(IServiceScopeFactory scopes, SigningKeyRing keyRing, VerificationPolicy policy, TimeProvider clock) =>
        (this.scopes, this.keyRing, this.policy, this.clock) = (scopes, keyRing, policy, clock);

    /// <summary>Purges, unless another instance is at it.</summary>
    /// <param name="cancellationToken">Ends it between two batches.</param>
    /// <returns>What was removed, or null where another instance is at it.</returns>
    public async Task<PurgeReport?> RunAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var context = scope.ServiceProvider.GetRequiredService<PhoneAuthContext>();
        var leases = scope.ServiceProvider.GetRequiredService<Leases>();
        if (!await leases.TakeAsync(LeaseName, LeaseTime, cancellationToken))
        {
            return null;
        }

        var writeQueue = scope.ServiceProvider.GetRequiredService<WriteQueue>();
        var now = clock.UtcNow();
        var walk = new TableWalk(context, writeQueue, cancellationToken);

        // A number with failures since its last success is kept however old they are: they count until a success (NIST SP 800-63B-4 3.2.2).
        var longest = policy.FailureWindow > Day ? policy.FailureWindow : Day;
        var report = new PurgeReport(
            await walk.DeleteAsync("verification_codes", "phone_number", "", "consecutive_failures = 0 AND updated_at < {2}", now - longest),
            await walk.DeleteAsync("sessions", "id", Guid.Empty, "expires_at < {2}", now),
            await walk.DeleteAsync("address_usages", "address", "", "updated_at < {2}", now - Day),
            await walk.DeleteAsync("sms_receipts", "id", "", "created_at < {2}", now - ReceiptTime),
            await keyRing.RemoveRetiredAsync(cancellationToken));
        using (var turn = await writeQueue.EnterAsync(cancellationToken))
        {
            await context.CountryTraffic.Where(row => row.StartedAt < now - Day - RecentCounts.Step).ExecuteDeleteAsync(cancellationToken);
        }

        await leases.ReturnAsync(LeaseName, cancellationToken);
        return report;
    }

    /// <summary>Walks a table by its key. By hand: keys of any type are compared, and a batch is one statement.</summary>
    [SuppressMessage("Security", "EF1002", Justification = "The names are the constants above; values are parameters.")]
    private sealed class TableWalk(PhoneAuthContext context, WriteQueue writeQueue, CancellationToken cancellationToken)
    {
        public async Task<int> DeleteAsync<TKey>(string table, string key, TKey first, string expired, DateTimeOffset moment)
        {
            var deleted = 0;
            for (object? last = first, end; (end = await EndOfBatchAsync<TKey>(table, key, last!)) is not null; last = end)
            {
                using var turn = await writeQueue.EnterAsync(cancellationToken);
                deleted += await context.Database.ExecuteSqlRawAsync(
                    $"DELETE FROM {table} WHERE {key} > {{0}} AND {key} <= {{1}} AND {expired}", [last!, end, context.ToStored(moment)], cancellationToken);
            }

            return deleted;
        }

        private async Task<object?> EndOfBatchAsync<TKey>(string table, string key, object last)
        {
            var batch = $"SELECT {key} FROM {table} WHERE {key} > {{0}} ORDER BY {key} LIMIT {BatchSize}";
            var ends = await context.Database
                .SqlQueryRaw<TKey>($"SELECT {key} AS \"Value\" FROM ({batch}) AS batch ORDER BY {key} DESC LIMIT 1", last)
                .ToListAsync(cancellationToken);
            return ends.Count == 0 ? null : ends[0];
        }
    }
}
