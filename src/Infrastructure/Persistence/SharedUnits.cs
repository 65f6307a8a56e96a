using Microsoft.Extensions.DependencyInjection;

namespace PhoneAuth.Infrastructure.Persistence;

/// <summary>
/// Units of work of one kind that come at about the same time, in one transaction: what they hold is held by one statement, each decides in its turn,
/// and what they write is written and committed in one message. Nobody in it waits for a row that somebody else holds, so nobody is held up for another's
/// sake; nothing is awaited between holding and writing; and where one of them cannot be written, none is, and each begins again alone.
/// </summary>
/// <param name="scopes">Where the unit of work of all comes from.</param>
/// <param name="hold">Holds what was asked for, of several only what is free; says by each of them what was found, or null where that one is to go alone.</param>
/// <param name="rows">The rows in what was found, which are written as far as they change.</param>
/// <param name="clock">Measures how long it takes.</param>
/// <param name="overlap">
/// Whether the next transaction may hold its rows while one is written. Not where many hold the same row, as callers behind one address do: all of them
/// would find it held, and go alone.
/// </param>
internal sealed class SharedUnits<TAsked, TFound>(
    IServiceScopeFactory scopes,
    Func<PhoneAuthContext, IReadOnlyList<TAsked>, Task<Func<TAsked, TFound?>>> hold,
    Func<TFound, object?[]> rows,
    TimeProvider clock,
    bool overlap = false)
    where TFound : class
{
    /// <summary>How many share a transaction: enough that more would gain nothing, and few enough that their rows are held for milliseconds.</summary>
    private const int Places = 64;

    private readonly SharedRounds<Member, bool> rounds = new((members, end) => RunAsync(scopes, hold, members, overlap ? end : () => { }), clock, Places);

    /// <summary>Decides about what is held, and saves it: together with others, or else alone, as often as it takes to win.</summary>
    /// <param name="asked">What is to be held.</param>
    /// <param name="unit">Where the decision puts what it wants written.</param>
    /// <param name="context">The unit's, for when it is alone.</param>
    /// <param name="decide">The decision. It may be made several times; the last time counts.</param>
    /// <param name="cancellationToken">Ends the wait, as long as nothing has been decided.</param>
    /// <returns>False where there is nothing to decide about.</returns>
    public async Task<bool> SaveAsync(TAsked asked, UnitOfWork unit, PhoneAuthContext context, Action<TFound> decide, CancellationToken cancellationToken)
    {
        void Decide(TFound found)
        {
            foreach (var row in rows(found))
            {
                unit.Held(row);
            }

            decide(found);
        }

        if (await TryAsync(asked, unit, Decide, cancellationToken))
        {
            return true;
        }

        do
        {
            await unit.BeginAsync(cancellationToken);
            if ((await hold(context, [asked]))(asked) is not { } found)
            {
                return false;
            }

            Decide(found);
        }
        while (!await unit.SaveAsync(cancellationToken));
        return true;
    }

    /// <returns>False where it is to be done alone: nothing of it is saved, and the unit has forgotten it.</returns>
    private async Task<bool> TryAsync(TAsked asked, UnitOfWork unit, Action<TFound> decide, CancellationToken cancellationToken)
    {
        var member = new Member(asked, unit, decide);
        var round = rounds.AskAsync(member);
        bool isSaved;
        try
        {
            isSaved = await round.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (!member.Leave())
        {
            // Not cancelled half-way: it may be saved already.
            isSaved = await round;
        }

        if (isSaved && member.HasDecided)
        {
            return true;
        }

        unit.Forget();
        return false;
    }

    private static async Task<bool> RunAsync(
        IServiceScopeFactory scopes,
        Func<PhoneAuthContext, IReadOnlyList<TAsked>, Task<Func<TAsked, TFound?>>> hold,
        IReadOnlyList<Member> members,
        Action end)
    {
        await using var scope = scopes.CreateAsyncScope();
        var context = scope.ServiceProvider.GetRequiredService<PhoneAuthContext>();
        var all = scope.ServiceProvider.GetRequiredService<UnitOfWork>();
        await all.BeginAsync(CancellationToken.None);
        var found = await hold(context, [.. members.Select(member => member.Asked)]);
        var areDecided = false;
        try
        {
            foreach (var member in members)
            {
                if (found(member.Asked) is { } held && member.Decide(held))
                {
                    all.Adopt(member.Unit);
                }
            }

            areDecided = true;
            end();
            return await all.SaveAsync(CancellationToken.None);
        }
        catch (Exception exception) when (!areDecided || (members.Count > 1 && context.IsRefused(exception)))
        {
            // What is wrong with one of them is not the others' fault: alone, it fails alone.
            return false;
        }
    }

    private sealed class Member(TAsked asked, UnitOfWork unit, Action<TFound> decide)
    {
        private const int Left = 1;
        private const int Decided = 2;
        private readonly ExecutionContext? asker = ExecutionContext.Capture();
        private int state;

        public TAsked Asked => asked;

        public UnitOfWork Unit => unit;

        public bool HasDecided => state == Decided;

        /// <summary>False where it has decided already.</summary>
        public bool Leave() => Interlocked.CompareExchange(ref state, Left, 0) == 0;

        /// <summary>
        /// Decides as who asked: what depends on the request that runs, as the caller's address does, would else be that of another member's request.
        /// </summary>
        /// <returns>False where it has left.</returns>
        public bool Decide(TFound found)
        {
            if (Interlocked.CompareExchange(ref state, Decided, 0) != 0)
            {
                return false;
            }

            if (asker is null)
            {
                decide(found);
            }
            else
            {
                ExecutionContext.Run(asker, _ => decide(found), null);
            }

            return true;
        }
    }
}
