using System.Diagnostics.CodeAnalysis;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using PhoneAuth.Application.Abstractions;
using PhoneAuth.Domain.PhoneNumbers;
using PhoneAuth.Domain.VerificationCodes;
using PhoneAuth.Infrastructure.Sms;

namespace PhoneAuth.Infrastructure.Persistence;

/// <summary>A text that a gateway has taken under an id of its own, and what it reported of it: whichever of the two came first made the row.</summary>
internal sealed class SmsReceiptRow
{
    public const int MaxIdLength = VerificationCode.MaxGatewayLength + 1 + SmsReceipt.MaxIdLength;

    /// <summary>The gateway's name, a colon, the gateway's id.</summary>
    public required string Id { get; init; }

    /// <summary>The text's id; null as long as only the receipt has come.</summary>
    public Guid? MessageId { get; init; }

    public PhoneNumber? PhoneNumber { get; init; }

    /// <summary>Sent as long as no receipt has come.</summary>
    public Delivery Delivery { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public string Gateway => Id[..Id.IndexOf(':', StringComparison.Ordinal)];

    public string GatewayMessageId => Id[(Gateway.Length + 1)..];

    public static string IdOf(string gateway, string gatewayMessageId) => $"{gateway}:{gatewayMessageId}";
}

[SuppressMessage("Security", "EF1002", Justification = "The text is ours: constants and places for parameters.")]
internal sealed class ReceiptBook(IServiceScopeFactory scopes, WriteQueue writeQueue, Telemetry telemetry, TimeProvider clock) : IReceiptBook
{
    public async Task<int> RecordAsync(string gateway, IReadOnlyCollection<SmsReceipt> receipts, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var context = scope.ServiceProvider.GetRequiredService<PhoneAuthContext>();
        var now = context.ToStored(clock.UtcNow());
        var values = new SqlValues();
        foreach (var receipt in receipts.Where(receipt => SmsReceipt.IsId(receipt.GatewayMessageId)).DistinctBy(receipt => receipt.GatewayMessageId, StringComparer.Ordinal))
        {
            values.Add(SmsReceiptRow.IdOf(gateway, receipt.GatewayMessageId), (int)(receipt.Delivered ? Delivery.Delivered : Delivery.Failed), now);
        }

        if (values.Parameters.Length == 0)
        {
            return 0;
        }

        using var turn = await writeQueue.EnterAsync(cancellationToken);
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        var news = await context.SmsReceipts
            .FromSqlRaw(
                $"""
                INSERT INTO sms_receipts (id, delivery, created_at) VALUES {values.Text}
                ON CONFLICT (id) DO UPDATE SET delivery = excluded.delivery WHERE sms_receipts.delivery = {(int)Delivery.Sent} RETURNING *
                """,
                values.Parameters)
            .AsNoTracking()
            .ToListAsync(cancellationToken);
        foreach (var alike in news.Where(row => row.MessageId is not null).GroupBy(row => row.Delivery))
        {
            var numbers = alike.Select(row => row.PhoneNumber!).ToList();
            var ids = alike.Select(row => row.MessageId).ToList();
            await context.VerificationCodes
                .Where(code => numbers.Contains(code.PhoneNumber) && ids.Contains(code.MessageId) && code.Delivery == Delivery.Sent)
                .ExecuteUpdateAsync(change => change.SetProperty(code => code.Delivery, alike.Key), cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        foreach (var row in news)
        {
            // One that is faster than the record of its text is counted with that record: the country is known then.
            if (row.PhoneNumber is { } number)
            {
                telemetry.CodeReported(gateway, number.CountryCode, row.Delivery is Delivery.Delivered);
            }
        }

        return news.Count;
    }

    /// <summary>Writes down, within the caller's transaction, under which ids gateways have taken texts.</summary>
    /// <returns>What has already been reported of them, by the texts' ids.</returns>
    internal static async Task<Dictionary<Guid, Delivery>> ExpectAsync(
        PhoneAuthContext context, IEnumerable<HeldText> sent, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var values = new SqlValues();
        foreach (var text in sent.Where(text => SmsReceipt.IsId(text.GatewayMessageId)).DistinctBy(text => (text.Gateway, text.GatewayMessageId)))
        {
            values.Add(
                SmsReceiptRow.IdOf(text.Gateway!, text.GatewayMessageId!), text.Message.Id, text.Message.PhoneNumber.E164, (int)Delivery.Sent, context.ToStored(now));
        }

        if (values.Parameters.Length == 0)
        {
            return [];
        }

        var written = await context.SmsReceipts
            .FromSqlRaw(
                $"""
                INSERT INTO sms_receipts (id, message_id, phone_number, delivery, created_at) VALUES {values.Text}
                ON CONFLICT (id) DO UPDATE SET message_id = excluded.message_id, phone_number = excluded.phone_number
                WHERE sms_receipts.message_id IS NULL RETURNING *
                """,
                values.Parameters)
            .AsNoTracking()
            .ToListAsync(cancellationToken);
        return written.Where(row => row.Delivery != Delivery.Sent).ToDictionary(row => row.MessageId!.Value, row => row.Delivery);
    }
}
