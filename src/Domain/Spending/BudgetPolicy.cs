namespace PhoneAuth.Domain.Spending;

/// <summary>How many texts may be sent, as the settings under <c>Sms</c> say it. 0 is no limit.</summary>
public sealed record BudgetPolicy
{
    /// <summary>Texts of the whole service in any hour.</summary>
    public int MaxPerHour { get; init; }

    /// <summary>Texts of the whole service in any 24 hours.</summary>
    public int MaxPerDay { get; init; }

    /// <summary>By country code without the plus: texts to its numbers in any 24 hours.</summary>
    public IReadOnlyDictionary<string, int> MaxPerDayByCountry { get; init; } = new Dictionary<string, int>(StringComparer.Ordinal);

    /// <summary>The limits of the whole service.</summary>
    public BudgetLimits Service => new(Budget.ServiceScope, MaxPerHour, MaxPerDay);

    /// <summary>The limits of one country.</summary>
    /// <param name="countryCode">The country code without the plus.</param>
    public BudgetLimits Of(string countryCode) => new(countryCode, 0, MaxPerDayByCountry.GetValueOrDefault(countryCode));
}

/// <summary>The limits of one budget. 0 is no limit.</summary>
/// <param name="Scope">Whose it is: a country code, or <see cref="Budget.ServiceScope"/>.</param>
/// <param name="PerHour">Texts in any hour.</param>
/// <param name="PerDay">Texts in any 24 hours.</param>
public readonly record struct BudgetLimits(string Scope, int PerHour, int PerDay)
{
    /// <summary>Whether there is any limit.</summary>
    public bool Any => PerHour > 0 || PerDay > 0;
}
