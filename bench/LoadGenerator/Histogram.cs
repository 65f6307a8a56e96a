namespace PhoneAuth.LoadGenerator;

/// <summary>Durations, counted in buckets that are 1.6 % wide at most: any number of them in 20 KB, and no allocation for one.</summary>
internal sealed class Histogram
{
    private const int SubBits = 6;
    private const int Sub = 1 << SubBits;
    private readonly long[] counts = new long[(64 - SubBits + 1) * Sub];

    /// <summary>How many were recorded.</summary>
    public long Count { get; private set; }

    /// <summary>Records a duration.</summary>
    /// <param name="nanoseconds">The duration.</param>
    public void Record(long nanoseconds)
    {
        counts[IndexOf(Math.Max(nanoseconds, 0))]++;
        Count++;
    }

    /// <summary>Adds what another has recorded.</summary>
    public void Add(Histogram other)
    {
        for (var i = 0; i < counts.Length; i++)
        {
            counts[i] += other.counts[i];
        }

        Count += other.Count;
    }

    /// <summary>The duration that a share of all did not exceed, in milliseconds.</summary>
    /// <param name="share">From 0 to 1.</param>
    public double Percentile(double share)
    {
        var rank = (long)Math.Ceiling(share * Count);
        for (var i = 0; i < counts.Length; i++)
        {
            rank -= counts[i];
            if (rank <= 0 && Count > 0)
            {
                return MiddleOf(i) / 1e6;
            }
        }

        return 0;
    }

    private static int IndexOf(long value)
    {
        var shift = Math.Max(0, 63 - SubBits - System.Numerics.BitOperations.LeadingZeroCount((ulong)value));
        return (shift * Sub) + (int)(value >> shift);
    }

    private static double MiddleOf(int index)
    {
        if (index < 2 * Sub)
        {
            return index;
        }

        var shift = (index / Sub) - 1;
        return ((double)(index - (shift * Sub)) + 0.5) * Math.Pow(2, shift);
    }
}
