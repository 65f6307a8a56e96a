using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using PhoneAuth.Application.Abstractions;
using PhoneAuth.Domain.VerificationCodes;
using PhoneAuth.Infrastructure.Persistence;

namespace PhoneAuth.Infrastructure.Sms;

/// <summary>
/// Takes codes from requests, which go on at once, and gives them to the gateways behind them. The rows are the queue: each text is held by
/// one instance until a time that stands in its row, and an instance that sends for longer moves that time on. What nobody holds any
/// longer (its instance has died, or its last try failed) is taken over by whichever instance sees it first.
/// </summary>
[SuppressMessage("Usage", "CA2213", Justification = "The sources have no timer and no handle, and a host may be told to stop by two at once.")]
internal sealed partial class CodeDispatcher : BackgroundService, ICodeSender
{
    /// <summary>How long a text is an instance's. With the time between two looks it is less than the 15 seconds that people are promised.</summary>
    public static readonly TimeSpan HoldTime = TimeSpan.FromSeconds(12);

    /// <summary>How often each instance looks for texts that nobody holds.</summary>
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(2);

    /// <summary>For so long a row is believed to be as it was read: its text is ours and its code live.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);

    /// <summary>A text is given up so long before others may take it: their clocks may be a little ahead.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(1);

    /// <summary>How many texts an instance holds at once. What is beyond stays in its row until there is room, here or elsewhere.</summary>
    private const int MaxHeld = 16_384;

    private const int MaxTakenAtOnce = 500;

    private readonly ConcurrentDictionary<Guid, HeldText> held = new();
    private readonly CancellationTokenSource stopping = new();
    private readonly CancellationTokenSource ended = new();
    private readonly SlowStart start = new();
    private readonly Batches<HeldText> records;
    private readonly DatabaseMigrator migrator;
    private readonly TextQueue queue;
    private readonly TextSender sender;
    private readonly TextSeal seal;
    private readonly TimeProvider clock;
    private readonly ILogger<CodeDispatcher> logger;
    private int count;
    private volatile bool databaseFailed;
    private DateTimeOffset takesFrom = DateTimeOffset.MinValue;
    private volatile Tuple<long, DateTimeOffset?> seen = new(0, null);

    public CodeDispatcher(
        DatabaseMigrator migrator, TextQueue queue, TextSender sender, TextSeal seal, Telemetry telemetry, TimeProvider clock, ILogger<CodeDispatcher> logger)
    {
        (this.migrator, this.queue, this.sender, this.seal, this.clock, this.logger) = (migrator, queue, sender, seal, clock, logger);
        records = new Batches<HeldText>(RecordAsync, exception => CannotRecord(exception.GetBaseException().Message));
        telemetry.ObserveQueue(() => seen.ToValueTuple(), clock);
    }

    /// <summary>Whether the last look found no database.</summary>
    internal bool HasLostItsDatabase => databaseFailed;

    public QueuedText Seal(CodeMessage message, DateTimeOffset now) => new(message.Id, seal.Seal(message), now + HoldTime);

    public void Send(CodeMessage message, QueuedText queued)
    {
        ArgumentNullException.ThrowIfNull(queued);
        Take(new HeldText(message, queued.HeldUntil - HoldTime, queued.HeldUntil, 0, []));
    }

    /// <summary>Lets what is on its way arrive, as long as it may take; what does not stays in its row, for others.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await stopping.CancelAsync();
        try
        {
            await Task.WhenAll(held.Values.Select(text => text.Done)).WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            BrokenOff(held.Count);
        }

        await ended.CancelAsync();
        await base.StopAsync(cancellationToken);
        await Task.WhenAll(held.Values.Select(text => text.Done));
    }

    /// <summary>Takes over what nobody holds.</summary>
    public async Task TakeOverAsync(CancellationToken cancellationToken)
    {
        var now = clock.UtcNow();
        if (databaseFailed)
        {
            // Other instances could not record either what they had sent. They get the time to do it.
            await queue.LookAsync(cancellationToken);
            (databaseFailed, takesFrom) = (false, now + HoldTime);
        }

        for (var limit = Room(); now >= takesFrom && limit > 0; limit = Room())
        {
            var taken = await queue.TakeAsync(now, now + HoldTime, limit, cancellationToken);
            foreach (var code in taken)
            {
                Take(code, now + HoldTime);
            }

            if (taken.Count < limit)
            {
                return;
            }
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var loop in Task.WhenEach(records.RunAsync(ended.Token), LookAsync(stopping.Token), WatchAsync(ended.Token)))
        {
            await loop;
        }
    }

    private int Room() => Math.Min(MaxHeld - Volatile.Read(ref count), MaxTakenAtOnce);

    private void Take(VerificationCode code, DateTimeOffset heldUntil)
    {
        var message = seal.Open(code.SealedText!, code.MessageId!.Value, code.PhoneNumber);
        var text = new HeldText(
            message ?? new CodeMessage(code.MessageId.Value, code.PhoneNumber, "", "", null, code.ExpiresAt!.Value),
            code.IssuedAt!.Value,
            heldUntil,
            code.Tries,
            code.RefusedBy?.Split(',') ?? []);
        if (message is null)
        {
            Unreadable(text.Message.Id, code.PhoneNumber.Masked);
            text.Fail();
        }

        Take(text);
    }

    private void Take(HeldText text)
    {
        if (Volatile.Read(ref count) >= MaxHeld || stopping.IsCancellationRequested)
        {
            return;
        }

        if (held.TryAdd(text.Message.Id, text))
        {
            Interlocked.Increment(ref count);
            text.Done = CarryAsync(text);
        }
        else if (held.TryGetValue(text.Message.Id, out var ours))
        {
            // It took us so long that we found it ourselves.
            ours.Hold(text.HeldUntil);
        }
    }

    private async Task CarryAsync(HeldText text)
    {
        await Task.Yield();
        try
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(text.Lost, ended.Token);
            using var turn = await start.WaitAsync(either.Token);
            if (text.Fate == TextFate.InHand)
            {
                await sender.SendAsync(text, held => HoldAsync(held, turn), either.Token);
            }

            if (text.Fate != TextFate.InHand)
            {
                await records.WriteAsync(text);
            }
        }
        catch (OperationCanceledException) when (text.Lost.IsCancellationRequested || ended.IsCancellationRequested)
        {
            Abandoned(text.Message.Id, text.Message.PhoneNumber.Masked);
        }
        catch (Exception exception)
        {
            // Nobody waits for this task. The text stays in its row, and is tried again when it is due.
            Stumbled(exception, text.Message.Id, text.Message.PhoneNumber.Masked);
        }
        finally
        {
            held.TryRemove(text.Message.Id, out _);
            Interlocked.Decrement(ref count);
        }
    }

    private async Task<bool> HoldAsync(HeldText text, SlowStart.Turn? turn)
    {
        if (text.HeldUntil - clock.UtcNow() < HoldTime - Fresh)
        {
            await records.WriteAsync(text);
        }

        turn?.Called();
        return !text.Lost.IsCancellationRequested;
    }

    private async Task RecordAsync(IReadOnlyList<HeldText> texts, CancellationToken cancellationToken)
    {
        var now = clock.UtcNow();
        await queue.RecordAsync(texts, now, now + HoldTime, cancellationToken);
    }

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(LookInterval, clock);
        try
        {
            do
            {
                try
                {
                    if (migrator.IsCurrent || await migrator.IsReadyAsync(cancellationToken))
                    {
                        await TakeOverAsync(cancellationToken);
                        seen = (await queue.LookAsync(cancellationToken)).ToTuple();
                    }
                }
                catch (Exception exception) when (DatabaseFaults.Caused(exception))
                {
                    if (!databaseFailed)
                    {
                        databaseFailed = true;
                        CannotLook(exception.GetBaseException().Message);
                    }
                }
            }
            while (await timer.WaitForNextTickAsync(cancellationToken));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The service ends.
        }
    }

    /// <summary>Moves the time on of texts that take long, and gives up in time what could not be held.</summary>
    private async Task WatchAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Margin / 2, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                var now = clock.UtcNow();
                foreach (var text in held.Values)
                {
                    if (text.HeldUntil - now <= Margin)
                    {
                        text.Lose();
                    }
                    else if (text.HeldUntil - now < HoldTime / 2 && text.Renewal.IsCompleted)
                    {
                        text.Renewal = records.WriteAsync(text);
                    }
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The service ends.
        }
    }

    [LoggerMessage(LogLevel.Warning, "{MessageId} to {MaskedNumber} was broken off; it stays in its row")]
    private partial void Abandoned(Guid messageId, string maskedNumber);

    [LoggerMessage(LogLevel.Error, "{MessageId} to {MaskedNumber} stays in its row for another try")]
    private partial void Stumbled(Exception exception, Guid messageId, string maskedNumber);

    [LoggerMessage(LogLevel.Warning, "The service ends with {Count} texts on their way; they stay in their rows")]
    private partial void BrokenOff(int count);

    [LoggerMessage(LogLevel.Error, "{MessageId} to {MaskedNumber} cannot be read: it was sealed with another secret key")]
    private partial void Unreadable(Guid messageId, string maskedNumber);

    [LoggerMessage(LogLevel.Warning, "What was sent cannot be recorded yet: {Reason}")]
    private partial void CannotRecord(string reason);

    [LoggerMessage(LogLevel.Warning, "Texts that wait cannot be looked for: {Reason}")]
    private partial void CannotLook(string reason);
}
