using System.Diagnostics.CodeAnalysis;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using PhoneAuth.Application.Abstractions;
using PhoneAuth.Domain.Limits;
using PhoneAuth.Domain.Spending;
using PhoneAuth.Infrastructure.Persistence;

namespace PhoneAuth.Infrastructure.Spending;

/// <summary>
/// The traffic of countries as one instance sees it: the sums of the database, and what it has counted itself since. An exchange writes the
/// one and reads the other. What an instance that is killed had not written yet is forgotten.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "The semaphore has no handle, and the last exchange may come while the service is taken down.")]
internal sealed class CountryTrafficLedger(IServiceScopeFactory scopes, TimeProvider clock) : ICountryTraffic
{
    /// <summary>Older than this, the others' part is read again before it is decided by.</summary>
    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    private readonly SemaphoreSlim turn = new(1, 1);
    private readonly Lock gate = new();
    private Dictionary<string, CountryTraffic> known = new(StringComparer.Ordinal);
    private Dictionary<(string CountryCode, DateTimeOffset StartedAt), Traffic> pending = [];
    private Dictionary<(string CountryCode, DateTimeOffset StartedAt), Traffic> underWay = [];
    private DateTimeOffset knownAt = DateTimeOffset.MinValue;
    private bool asked;

    /// <summary>Whether anybody has asked or counted since the last exchange.</summary>
    public bool IsBusy
    {
        get
        {
            lock (gate)
            {
                return asked || pending.Count > 0;
            }
        }
    }

    /// <summary>Whether there was ever anything to add up.</summary>
    public bool WasUsed
    {
        get
        {
            lock (gate)
            {
                return asked || pending.Count > 0 || knownAt > DateTimeOffset.MinValue;
            }
        }
    }

    public async ValueTask LookAsync(CancellationToken cancellationToken)
    {
        if (IsFresh())
        {
            return;
        }

        await turn.WaitAsync(cancellationToken);
        try
        {
            if (!IsFresh())
            {
                await ExchangeAloneAsync(cancellationToken);
            }
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Writes what was counted here, reads what all have counted.</summary>
    public async Task ExchangeAsync(CancellationToken cancellationToken)
    {
        await turn.WaitAsync(cancellationToken);
        try
        {
            await ExchangeAloneAsync(cancellationToken);
        }
        finally
        {
            turn.Release();
        }
    }

    public UsedUp? CountSend(string countryCode, BrakePolicy policy)
    {
        var now = clock.UtcNow();
        lock (gate)
        {
            asked = true;
            var own = Own(countryCode);
            var all = known.GetValueOrDefault(countryCode);
            if (policy.ExceededBy(new CountryTraffic(all.Hour + own, all.Day + own)) is { } reason)
            {
                return new UsedUp(reason, RecentCounts.StepOf(now) + RecentCounts.Step);
            }

            Add(countryCode, now, new Traffic(1, 0));
            return null;
        }
    }

    public void Count(string countryCode, Traffic traffic)
    {
        var now = clock.UtcNow();
        lock (gate)
        {
            Add(countryCode, now, traffic);
        }
    }

    private bool IsFresh()
    {
        lock (gate)
        {
            asked = true;
            return clock.UtcNow() - knownAt <= Freshness;
        }
    }

    private Traffic Own(string countryCode) => pending.Concat(underWay)
        .Where(one => string.Equals(one.Key.CountryCode, countryCode, StringComparison.Ordinal))
        .Aggregate(default(Traffic), (sum, one) => sum + one.Value);

    private void Add(string countryCode, DateTimeOffset now, Traffic traffic)
    {
        var key = (countryCode, RecentCounts.StepOf(now));
        pending[key] = pending.GetValueOrDefault(key) + traffic;
    }

    private async Task ExchangeAloneAsync(CancellationToken cancellationToken)
    {
        lock (gate)
        {
            (underWay, pending, asked) = (pending, [], false);
        }

        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var context = scope.ServiceProvider.GetRequiredService<PhoneAuthContext>();
            await WriteAsync(scope.ServiceProvider, context, cancellationToken);
            KnowWhatIsWritten();
            var now = clock.UtcNow();
            var sums = await ReadAsync(context, now, cancellationToken);
            lock (gate)
            {
                (known, knownAt) = (sums, now);
            }
        }
        catch (Exception)
        {
            // What was under way is not written, or not known to be: a text counted twice for an hour is better than one that is not counted.
            lock (gate)
            {
                foreach (var (key, traffic) in underWay)
                {
                    pending[key] = pending.GetValueOrDefault(key) + traffic;
                }

                underWay = [];
            }

            throw;
        }
    }

    /// <summary>What is written must not be written again, also when the sums cannot be read after it.</summary>
    private void KnowWhatIsWritten()
    {
        lock (gate)
        {
            foreach (var ((countryCode, _), traffic) in underWay)
            {
                var all = known.GetValueOrDefault(countryCode);
                known[countryCode] = new CountryTraffic(all.Hour + traffic, all.Day + traffic);
            }

            underWay = [];
        }
    }

    private async Task WriteAsync(IServiceProvider services, PhoneAuthContext context, CancellationToken cancellationToken)
    {
        if (underWay.Count == 0)
        {
            return;
        }

        using var line = await services.GetRequiredService<WriteQueue>().EnterAsync(cancellationToken);
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);

        // In one order everywhere: two instances that add to the same rows never wait in a circle.
        foreach (var ((countryCode, startedAt), traffic) in underWay.OrderBy(one => one.Key.CountryCode, StringComparer.Ordinal).ThenBy(one => one.Key.StartedAt))
        {
            await context.Database.ExecuteSqlRawAsync(
                """
                INSERT INTO country_traffic (country_code, started_at, sent, verified) VALUES ({0}, {1}, {2}, {3})
                ON CONFLICT (country_code, started_at)
                DO UPDATE SET sent = country_traffic.sent + excluded.sent, verified = country_traffic.verified + excluded.verified
                """,
                [countryCode, context.ToStored(startedAt), traffic.Sent, traffic.Verified],
                cancellationToken);
        }

        await transaction.CommitAsync(CancellationToken.None);
    }

    private static async Task<Dictionary<string, CountryTraffic>> ReadAsync(PhoneAuthContext context, DateTimeOffset now, CancellationToken cancellationToken)
    {
        // A step counts until the whole of it has left the window.
        var (hourAgo, dayAgo) = (now - Hour - RecentCounts.Step, now - Day - RecentCounts.Step);
        var sums = await context.CountryTraffic.AsNoTracking()
            .Where(row => row.StartedAt > dayAgo)
            .GroupBy(row => row.CountryCode)
            .Select(country => new
            {
                country.Key,
                DaySent = country.Sum(row => row.Sent),
                DayVerified = country.Sum(row => row.Verified),
                HourSent = country.Sum(row => row.StartedAt > hourAgo ? row.Sent : 0),
                HourVerified = country.Sum(row => row.StartedAt > hourAgo ? row.Verified : 0),
            })
            .ToListAsync(cancellationToken);
        return sums.ToDictionary(
            sum => sum.Key,
            sum => new CountryTraffic(new Traffic(sum.HourSent, sum.HourVerified), new Traffic(sum.DaySent, sum.DayVerified)),
            StringComparer.Ordinal);
    }
}
