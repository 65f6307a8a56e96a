using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using PhoneAuth.Application.Abstractions;
using PhoneAuth.Domain.Spending;

namespace PhoneAuth.Infrastructure.Spending;

/// <summary>
/// The budgets as one instance spends them: it takes blocks out of the database's rows and spends them from memory, so that a send
/// waits for a row only once in a block. What an instance holds when its five minutes end is lost, never sent late.
/// </summary>
internal sealed class BudgetLedger(IServiceScopeFactory scopes, BudgetPolicy policy) : IBudgets, IDisposable
{
    private readonly ConcurrentDictionary<string, Purse> purses = new(StringComparer.Ordinal);

    public async ValueTask<UsedUp?> TakeAsync(string countryCode, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var (service, country) = (policy.Service, policy.Of(countryCode));
        if (service.Any && await PurseOf(service).TakeAsync(now, cancellationToken) is { } serviceUsedUp)
        {
            return serviceUsedUp;
        }

        if (country.Any && await PurseOf(country).TakeAsync(now, cancellationToken) is { } countryUsedUp)
        {
            if (service.Any)
            {
                PurseOf(service).GiveBack();
            }

            return countryUsedUp;
        }

        return null;
    }

    public void GiveBack(string countryCode)
    {
        foreach (var limits in (ReadOnlySpan<BudgetLimits>)[policy.Service, policy.Of(countryCode)])
        {
            if (limits.Any)
            {
                PurseOf(limits).GiveBack();
            }
        }
    }

    public void Dispose()
    {
        foreach (var purse in purses.Values)
        {
            purse.Dispose();
        }
    }

    private Purse PurseOf(BudgetLimits limits) => purses.GetOrAdd(limits.Scope, _ => new Purse(scopes, limits));

    /// <summary>The block of one budget that this instance spends.</summary>
    private sealed class Purse(IServiceScopeFactory scopes, BudgetLimits limits) : IDisposable
    {
        private readonly SemaphoreSlim turn = new(1, 1);
        private readonly Lock gate = new();
        private int left;
        private BudgetGrant last;

        public async ValueTask<UsedUp?> TakeAsync(DateTimeOffset now, CancellationToken cancellationToken)
        {
            if (TrySpend(now, out var usedUp))
            {
                return usedUp;
            }

            await turn.WaitAsync(cancellationToken);
            try
            {
                while (!TrySpend(now, out usedUp))
                {
                    Fill(await GrantAsync(now, cancellationToken));
                }

                return usedUp;
            }
            finally
            {
                turn.Release();
            }
        }

        public void GiveBack()
        {
            lock (gate)
            {
                left++;
            }
        }

        public void Dispose() => turn.Dispose();

        /// <summary>Whether the answer is known without the database: a text is spent, or there is none to spend for a while.</summary>
        private bool TrySpend(DateTimeOffset now, out UsedUp? usedUp)
        {
            usedUp = null;
            lock (gate)
            {
                if (now >= last.Until)
                {
                    left = 0;
                    return false;
                }

                if (left > 0)
                {
                    left--;
                    return true;
                }

                if (last.Count == 0)
                {
                    usedUp = new UsedUp(Reason(last.IsDaily), last.Until);
                    return true;
                }

                return false;
            }
        }

        private void Fill(BudgetGrant grant)
        {
            lock (gate)
            {
                (left, last) = (grant.Count, grant);
            }
        }

        private async Task<BudgetGrant> GrantAsync(DateTimeOffset now, CancellationToken cancellationToken)
        {
            while (true)
            {
                await using var scope = scopes.CreateAsyncScope();
                var budgets = scope.ServiceProvider.GetRequiredService<IBudgetRepository>();
                var budget = await budgets.LockAsync(limits.Scope, cancellationToken);
                if (budget is null)
                {
                    budgets.Add(budget = Budget.Begin(limits.Scope));
                }

                var grant = budget.Take(limits, now);
                if (await scope.ServiceProvider.GetRequiredService<IUnitOfWork>().SaveAsync(cancellationToken))
                {
                    return grant;
                }
            }
        }

        private string Reason(bool isDaily) => limits.Scope is not Budget.ServiceScope ? "budget_country_day" : isDaily ? "budget_day" : "budget_hour";
    }
}
