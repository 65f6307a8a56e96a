namespace PhoneAuth.Infrastructure.Persistence;

/// <summary>Lists of keys that are looked up by one query.</summary>
internal static class Lists
{
    /// <summary>
    /// How long PostgreSQL takes a list to be that it does not know. It plans a shorter one anew each time, because it would cost less, and that
    /// costs more than to run it.
    /// </summary>
    private const int AssumedLength = 10;

    /// <summary>Repeats the last of them: what is in a list more than once is found once.</summary>
    public static T[] Lengthen<T>(IEnumerable<T> keys)
    {
        List<T> list = [.. keys];
        while (list.Count < AssumedLength)
        {
            list.Add(list[^1]);
        }

        return [.. list];
    }
}
