using PhoneAuth.Domain;

namespace PhoneAuth.Infrastructure.Persistence;

/// <summary>Rows that a unit of work is to hold.</summary>
internal abstract class UnitHolding<TFound> : Holding<TFound>
{
    public abstract Task<bool> SaveAsync(UnitOfWork unit, PhoneAuthContext context, Action<TFound> decide, CancellationToken cancellationToken);
}

/// <summary>Rows that it holds together with others, where there are any.</summary>
internal sealed class SharedHolding<TAsked, TFound>(SharedUnits<TAsked, TFound> units, TAsked asked) : UnitHolding<TFound>
    where TFound : class
{
    public override Task<bool> SaveAsync(UnitOfWork unit, PhoneAuthContext context, Action<TFound> decide, CancellationToken cancellationToken) =>
        units.SaveAsync(asked, unit, context, decide, cancellationToken);
}
