using System.Globalization;

namespace PhoneAuth.LoadGenerator.Flows;

/// <summary>
/// Phone numbers by index. Those of seeded users are spread over all of them; fresh ones are scattered, since neighbours in time are not
/// neighbours in an index.
/// </summary>
internal sealed class Numbers
{
    /// <summary>How many fresh numbers there are.</summary>
    public const long MaxFresh = 100_000_000;

    /// <summary>What scatters them.</summary>
    public const long Scatter = 61_803_399; // has no factor in common with a power of ten, so every number comes once before one comes again

    private long fresh;
    private long seeded;

    /// <summary>How many users were seeded: a power of ten.</summary>
    public long Seeded { get; set; }

    public static string OfSeeded(long index) => string.Create(CultureInfo.InvariantCulture, $"+7900{index:0000000}");

    /// <summary>Leaves out fresh numbers, where another run on the same database may have taken them.</summary>
    public void Skip(long count) => fresh += count;

    public long NextFresh() => fresh++ * Scatter % MaxFresh;

    public static string OfFresh(long index) => string.Create(CultureInfo.InvariantCulture, $"+795{index:00000000}");

    public long NextSeeded() => seeded++ * Scatter % Seeded;
}

/// <summary>A number that has signed in.</summary>
/// <param name="Number">Its index, which gives it an address.</param>
/// <param name="PhoneNumber">The number in E.164.</param>
internal sealed record Account(long Number, string PhoneNumber)
{
    public string Code { get; set; } = "";

    public string AccessToken { get; set; } = "";

    public string RefreshToken { get; set; } = "";

    public string InviteCode { get; set; } = "";
}
