using PhoneAuth.Domain.Limits;

namespace PhoneAuth.Domain.Spending;

/// <summary>
/// How many texts were granted lately, for the whole service or for one country. Instances take small blocks and spend them: a block
/// counts as spent when it is taken, so that all instances together never send more than the limit. Whoever takes holds the row.
/// </summary>
public sealed class Budget
{
    /// <summary>The scope of the whole service's budget; no country code looks like it.</summary>
    public const string ServiceScope = "*";

    /// <summary>The longest scope.</summary>
    public const int MaxScopeLength = 3;

    /// <summary>A block is at most this part of what is left, so that what idle instances hold hardly matters and the end is exact.</summary>
    private const int BlocksLeft = 64;

    private const int LargestBlock = 100;
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    private Budget(string scope) => Scope = scope;

    /// <summary>A country code, or <see cref="ServiceScope"/>.</summary>
    public string Scope { get; }

    /// <summary>What was granted.</summary>
    public RecentCounts Sends { get; private set; } = RecentCounts.None;

    /// <summary>A budget of which nothing was taken yet.</summary>
    /// <param name="scope">Whose it is.</param>
    public static Budget Begin(string scope) => new(scope);

    /// <summary>Takes a block.</summary>
    /// <param name="limits">The limits.</param>
    /// <param name="now">Now, in UTC.</param>
    /// <returns>How many texts were granted until when; or none, and when there is room again.</returns>
    public BudgetGrant Take(BudgetLimits limits, DateTimeOffset now)
    {
        var (hour, day) = (Sends.Room(limits.PerHour, Hour, now), Sends.Room(limits.PerDay, Day, now));
        var room = Math.Min(hour, day);
        if (room == 0)
        {
            return day == 0
                ? new BudgetGrant(0, Sends.RoomAt(limits.PerDay, Day, now), IsDaily: true)
                : new BudgetGrant(0, Sends.RoomAt(limits.PerHour, Hour, now), IsDaily: false);
        }

        var block = Math.Clamp(room / BlocksLeft, 1, LargestBlock);
        Sends = Sends.Add(block, now, Day);
        return new BudgetGrant(block, RecentCounts.StepOf(now) + RecentCounts.Step, IsDaily: false);
    }
}

/// <summary>What was taken from a budget.</summary>
/// <param name="Count">How many texts may be sent; 0 when the budget is used up.</param>
/// <param name="Until">When they have to be sent, or when there is room again, UTC.</param>
/// <param name="IsDaily">Of a budget that is used up: whether it is the day's.</param>
public readonly record struct BudgetGrant(int Count, DateTimeOffset Until, bool IsDaily);

/// <summary>The budgets' rows.</summary>
public interface IBudgetRepository
{
    /// <summary>Reads a budget's row and holds it until the unit of work ends.</summary>
    /// <param name="scope">Whose it is.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The row, or null where nothing was ever taken.</returns>
    Task<Budget?> LockAsync(string scope, CancellationToken cancellationToken);

    /// <summary>Adds the first row of a budget. Two at once is a lost race for one of them.</summary>
    /// <param name="budget">The row.</param>
    void Add(Budget budget);
}
