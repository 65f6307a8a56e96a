using Microsoft.EntityFrameworkCore;
using PhoneAuth.Domain.InviteCodes;
using PhoneAuth.Domain.PhoneNumbers;
using PhoneAuth.Domain.Users;

namespace PhoneAuth.Infrastructure.Persistence;

internal sealed class UserRepository(PhoneAuthContext context, UnitOfWork unitOfWork) : IUserRepository
{
    public Task<User?> FindAsync(PhoneNumber phoneNumber, CancellationToken cancellationToken) =>
        context.Users.AsNoTracking().SingleOrDefaultAsync(user => user.PhoneNumber == phoneNumber, cancellationToken);

    public async Task<User?> LockAsync(Guid id, CancellationToken cancellationToken) =>
        (await HoldAsync("SELECT * FROM users WHERE id = {0}", cancellationToken, id)).SingleOrDefault();

    public async Task<(User? User, User? Owner)> LockWithOwnerAsync(Guid id, InviteCode code, CancellationToken cancellationToken)
    {
        var held = await HoldAsync("SELECT * FROM users WHERE id = {0} OR invite_code = {1} ORDER BY id", cancellationToken, id, code.Value);
        return (held.Find(user => user.Id == id), held.Find(user => user.InviteCode == code));
    }

    public async Task<(User? User, User? Inviter)> LockWithInviterAsync(Guid id, CancellationToken cancellationToken)
    {
        var held = await HoldAsync(
            "SELECT * FROM users WHERE id = {0} OR id = (SELECT inviter_id FROM users WHERE id = {0}) ORDER BY id", cancellationToken, id);
        var found = held.Find(user => user.Id == id);
        return (found, held.Find(user => user.Id == found?.InviterId));
    }

    public Task<bool> HasSpentActivationAsync(IReadOnlyCollection<byte[]> phoneHashes, CancellationToken cancellationToken) =>
        context.SpentActivations.AnyAsync(spent => phoneHashes.Contains(spent.PhoneHash), cancellationToken);

    public void Add(SpentActivation spentActivation) => context.SpentActivations.Add(spentActivation);

    public void Add(User user) => unitOfWork.Insert(user);

    public void Remove(User user) => context.Users.Remove(user);

    /// <summary>Reads and holds users, always in the order of their ids: two people who activate each other's codes would else wait in a circle.</summary>
    private async Task<List<User>> HoldAsync(string select, CancellationToken cancellationToken, params object[] values)
    {
        var held = await unitOfWork.HoldAsync<User>(select, cancellationToken, values);
        return await held.AsAsyncEnumerable().ToListAsync(cancellationToken);
    }
}
