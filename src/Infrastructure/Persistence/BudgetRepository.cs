using Microsoft.EntityFrameworkCore;
using PhoneAuth.Domain.Spending;

namespace PhoneAuth.Infrastructure.Persistence;

internal sealed class BudgetRepository(PhoneAuthContext context, UnitOfWork unitOfWork) : IBudgetRepository
{
    public async Task<Budget?> LockAsync(string scope, CancellationToken cancellationToken)
    {
        var held = await unitOfWork.HoldAsync<Budget>("SELECT * FROM budgets WHERE scope = {0}", cancellationToken, scope);
        return await held.AsAsyncEnumerable().SingleOrDefaultAsync(cancellationToken);
    }

    public void Add(Budget budget) => context.Budgets.Add(budget);
}
