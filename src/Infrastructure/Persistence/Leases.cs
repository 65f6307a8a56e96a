using Microsoft.EntityFrameworkCore;
using PhoneAuth.Application.Abstractions;

namespace PhoneAuth.Infrastructure.Persistence;

/// <summary>Lets one instance at a time do a job; one that dies at it gives the job up when its time is over.</summary>
internal sealed class Leases(PhoneAuthContext context, IUnitOfWork unitOfWork, WriteQueue writeQueue, TimeProvider clock)
{
    public async Task<bool> TakeAsync(string name, TimeSpan time, CancellationToken cancellationToken)
    {
        var now = clock.UtcNow();
        if (!await context.Leases.AnyAsync(lease => lease.Name == name, cancellationToken))
        {
            context.Leases.Add(new Lease { Name = name, TakenUntil = now });
            await unitOfWork.SaveAsync(cancellationToken);
        }

        return await SetAsync(name, now + time, now, cancellationToken);
    }

    public Task ReturnAsync(string name, CancellationToken cancellationToken)
    {
        var now = clock.UtcNow();
        return SetAsync(name, now, DateTimeOffset.MaxValue, cancellationToken);
    }

    private async Task<bool> SetAsync(string name, DateTimeOffset until, DateTimeOffset freeBefore, CancellationToken cancellationToken)
    {
        using var turn = await writeQueue.EnterAsync(cancellationToken);
        return await context.Leases
            .Where(lease => lease.Name == name && lease.TakenUntil <= freeBefore)
            .ExecuteUpdateAsync(change => change.SetProperty(lease => lease.TakenUntil, until), cancellationToken) == 1;
    }
}
