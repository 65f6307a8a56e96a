using System.Diagnostics.CodeAnalysis;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using PhoneAuth.Application.Abstractions;
using PhoneAuth.Domain.VerificationCodes;
using PhoneAuth.Infrastructure.Sms;

namespace PhoneAuth.Infrastructure.Persistence;

/// <summary>
/// The verification rows as the queue that they are. All here is statements over many rows, each in words that both databases understand:
/// a row is ours as long as its <c>send_after</c> is what we wrote there.
/// </summary>
[SuppressMessage("Security", "EF1002", Justification = "The text is ours: constants and places for parameters.")]
[SuppressMessage("Security", "EF1003", Justification = "The text is ours: constants and the lock's words.")]
internal sealed class TextQueue(IServiceScopeFactory scopes, WriteQueue writeQueue, WriteTransactions transactions, Telemetry telemetry)
{
    /// <summary>How many texts wait, in anybody's hands, and since when the oldest does. Only rows with a text are read.</summary>
    public async Task<(long Depth, DateTimeOffset? OldestAt)> LookAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var waiting = scope.ServiceProvider.GetRequiredService<PhoneAuthContext>().VerificationCodes.Where(code => code.SendAfter != null);
        var seen = await waiting
            .GroupBy(_ => 1)
            .Select(all => new { Depth = all.LongCount(), OldestAt = all.Min(code => code.IssuedAt) })
            .SingleOrDefaultAsync(cancellationToken);
        return (seen?.Depth ?? 0, seen?.OldestAt);
    }

    /// <summary>Takes over texts that nobody holds, those that have waited longest first. Instances that look at the same time share them out.</summary>
    public async Task<IReadOnlyList<VerificationCode>> TakeAsync(DateTimeOffset now, DateTimeOffset until, int limit, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var context = scope.ServiceProvider.GetRequiredService<PhoneAuthContext>();

        // Most looks find nothing, and need no turn to write for that.
        if (!await context.VerificationCodes.AnyAsync(code => code.SendAfter <= now, cancellationToken))
        {
            return [];
        }

        using var turn = await writeQueue.EnterAsync(cancellationToken);
        return await context.VerificationCodes
            .FromSqlRaw(
                "WITH due AS (SELECT phone_number FROM verification_codes WHERE send_after <= {0} ORDER BY send_after LIMIT {1}" + context.ForUpdateOfFree
                + ") UPDATE verification_codes SET send_after = {2} WHERE phone_number IN (SELECT phone_number FROM due) RETURNING *",
                context.ToStored(now),
                limit,
                context.ToStored(until))
            .AsNoTracking()
            .ToListAsync(cancellationToken);
    }

    /// <summary>Writes down what becomes of texts, in one transaction: the hold on those in hand is prolonged, or lost.</summary>
    public async Task RecordAsync(IReadOnlyList<HeldText> texts, DateTimeOffset now, DateTimeOffset until, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var context = scope.ServiceProvider.GetRequiredService<PhoneAuthContext>();
        var entries = texts.Distinct().Select(text => new Entry(text, text.Fate, text.HeldUntil, text.Fate == TextFate.Later ? text.NextAt : until)).ToList();
        await using var transaction = await transactions.BeginAsync(context, cancellationToken);
        var toHold = entries.FindAll(entry => entry.Fate is TextFate.InHand or TextFate.Later);
        var stillOurs = toHold.Count == 0 ? [] : await HoldAsync(context, toHold, cancellationToken);
        var sent = entries.FindAll(entry => entry.Fate is TextFate.Sent);
        var early = await ReceiptBook.ExpectAsync(context, sent.ConvertAll(entry => entry.Text), now, cancellationToken);
        foreach (var alike in entries.Where(entry => entry.Fate is TextFate.Sent or TextFate.Failed).GroupBy(entry => entry.Outcome(early)))
        {
            await FinishAsync(context, alike.Key, [.. alike.Select(entry => entry.Text)], cancellationToken);
        }

        await transaction.Inner.CommitAsync(cancellationToken);
        await transaction.EndAsync();
        foreach (var text in sent.Select(entry => entry.Text))
        {
            if (early.TryGetValue(text.Message.Id, out var delivery))
            {
                telemetry.CodeReported(text.Gateway!, text.Message.PhoneNumber.CountryCode, delivery is Delivery.Delivered);
            }
        }

        foreach (var entry in toHold)
        {
            entry.Settle(stillOurs.Contains(entry.Text.Message.Id));
        }
    }

    /// <summary>Moves on the times of texts that are ours, and tells which they were.</summary>
    private static async Task<HashSet<Guid>> HoldAsync(PhoneAuthContext context, List<Entry> entries, CancellationToken cancellationToken)
    {
        var values = new SqlValues();
        foreach (var (text, _, heldUntil, until) in entries)
        {
            values.Add(
                text.Message.PhoneNumber.E164, text.Message.Id, context.ToStored(heldUntil), context.ToStored(until), text.Tries, string.Join(',', text.RefusedBy));
        }

        var ours = await context.Database
            .SqlQueryRaw<Guid>(
                $"""
                WITH held (number, id, held_until, until, times, refusals) AS (VALUES {values.Text})
                UPDATE verification_codes SET send_after = until, tries = times, refused_by = NULLIF(refusals, '') FROM held
                WHERE phone_number = number AND message_id = id AND send_after = held_until RETURNING message_id AS "Value"
                """,
                values.Parameters)
            .ToListAsync(cancellationToken);
        return [.. ours];
    }

    private static Task<int> FinishAsync(PhoneAuthContext context, Outcome outcome, List<HeldText> texts, CancellationToken cancellationToken)
    {
        var numbers = texts.ConvertAll(text => text.Message.PhoneNumber);
        var ids = texts.ConvertAll(text => (Guid?)text.Message.Id);
        return context.VerificationCodes
            .Where(code => numbers.Contains(code.PhoneNumber) && ids.Contains(code.MessageId) && code.Delivery == Delivery.Queued)
            .ExecuteUpdateAsync(
                change => change
                    .SetProperty(code => code.SealedText, (byte[]?)null)
                    .SetProperty(code => code.SendAfter, (DateTimeOffset?)null)
                    .SetProperty(code => code.RefusedBy, (string?)null)
                    .SetProperty(code => code.Delivery, outcome.Delivery)
                    .SetProperty(code => code.Gateway, outcome.Gateway)
                    .SetProperty(code => code.Tries, outcome.Tries),
                cancellationToken);
    }

    /// <summary>What stands in the row of a text that is done with.</summary>
    private sealed record Outcome(Delivery Delivery, string? Gateway, int Tries);

    /// <summary>A text as it was when its record began: it may go on meanwhile.</summary>
    private sealed record Entry(HeldText Text, TextFate Fate, DateTimeOffset HeldUntil, DateTimeOffset Until)
    {
        public Outcome Outcome(Dictionary<Guid, Delivery> early) => new(
            Fate is TextFate.Failed ? Delivery.Failed : early.GetValueOrDefault(Text.Message.Id, Delivery.Sent), Text.Gateway, Text.Tries);

        public void Settle(bool stillOurs)
        {
            if (stillOurs)
            {
                Text.Hold(Until);
            }
            else
            {
                Text.Lose();
            }
        }
    }
}
