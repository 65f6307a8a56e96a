using System.Globalization;

namespace PhoneAuth.LoadGenerator;

/// <summary>What run.sh was asked for, and where it has put things. All are <c>--name value</c>, or a <c>--name</c> alone.</summary>
internal sealed class Options(string[] args)
{
    /// <summary>Short rounds for work on the service: its figures are no measurement.</summary>
    public bool Quick => args.Contains("--quick", StringComparer.Ordinal);

    /// <summary>Alternated rounds; the median of them counts.</summary>
    public int Rounds => Number("rounds", Quick ? 1 : 3);

    /// <summary>How long each measurement takes.</summary>
    public int Seconds => Number("seconds", Quick ? 3 : 15);

    /// <summary>Clients at once.</summary>
    public int Clients => Number("clients", 32);

    /// <summary>Flows a second of a load alone; null is a closed loop.</summary>
    public double? Rate => Text("rate", "") is { Length: > 0 } rate ? double.Parse(rate, CultureInfo.InvariantCulture) : null;

    /// <summary>Users in the database before the first measurement.</summary>
    public long Users => Number("users", 100_000);

    /// <summary>With how many users in the database the same calls are compared; powers of ten.</summary>
    public IEnumerable<long> Growth => Text("growth", Quick ? "" : "1000,100000,1000000,10000000")
        .Split(',', StringSplitOptions.RemoveEmptyEntries).Where(_ => Wants("growth")).Select(users => long.Parse(users, CultureInfo.InvariantCulture));

    /// <summary>Measure only scenarios whose names contain one of these words.</summary>
    public string[] Only => Text("only", "").Split(',', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Settings of the service beyond those of the bench, <c>Section__Key=value</c>.</summary>
    public IEnumerable<KeyValuePair<string, string>> Settings => args
        .Where((_, index) => index > 0 && string.Equals(args[index - 1], "--set", StringComparison.Ordinal))
        .Select(setting => setting.Split('=', 2)).Select(pair => KeyValuePair.Create(pair[0], pair[1]));

    public string this[string name] => Text(name, null) is { Length: > 0 } value ? value : throw new InvalidOperationException($"--{name} is missing: run.sh sets it.");

    public bool Wants(string scenario) => Only.Length == 0 || Only.Any(word => scenario.Contains(word, StringComparison.OrdinalIgnoreCase));

    private int Number(string name, int fallback) => int.Parse(Text(name, fallback.ToString(CultureInfo.InvariantCulture)), CultureInfo.InvariantCulture);

    private string Text(string name, string? fallback)
    {
        var at = Array.IndexOf(args, "--" + name);
        return at >= 0 && at + 1 < args.Length ? args[at + 1] : fallback ?? "";
    }
}
