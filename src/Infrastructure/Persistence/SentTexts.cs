using Microsoft.EntityFrameworkCore;
using PhoneAuth.Application.Operators;
using PhoneAuth.Domain.PhoneNumbers;

namespace PhoneAuth.Infrastructure.Persistence;

/// <summary>Without an index on the number: each text would pay for what an operator asks once in a while.</summary>
internal sealed class SentTexts(PhoneAuthContext context) : ISentTexts
{
    public async Task<IReadOnlyList<ExportedText>> ListAsync(PhoneNumber phoneNumber, CancellationToken cancellationToken)
    {
        var rows = await context.SmsReceipts.AsNoTracking()
            .Where(row => row.PhoneNumber == phoneNumber)
            .OrderByDescending(row => row.CreatedAt)
            .ToListAsync(cancellationToken);
        return rows.ConvertAll(row => new ExportedText(row.Gateway, row.GatewayMessageId, row.Delivery.ToString().ToLowerInvariant(), row.CreatedAt));
    }
}
