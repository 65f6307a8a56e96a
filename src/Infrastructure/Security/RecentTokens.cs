using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace PhoneAuth.Infrastructure.Security;

/// <summary>What is known of the tokens that were seen last, by the whole token. There are two generations; the older one goes as a whole.</summary>
/// <typeparam name="T">What is known.</typeparam>
/// <param name="generation">How many tokens are remembered at least; at most it is twice as many.</param>
public sealed class RecentTokens<T>(int generation)
{
    private volatile ConcurrentDictionary<string, T> younger = new(StringComparer.Ordinal);
    private volatile ConcurrentDictionary<string, T> older = new(StringComparer.Ordinal);
    private int count;

    /// <summary>What is known of a token.</summary>
    /// <param name="token">The token, letter by letter.</param>
    /// <param name="known">What is known.</param>
    public bool TryFind(string token, [MaybeNullWhen(false)] out T known) => younger.TryGetValue(token, out known) || older.TryGetValue(token, out known);

    /// <summary>Remembers a token.</summary>
    /// <param name="token">The token.</param>
    /// <param name="known">What is known of it.</param>
    public void Remember(string token, T known)
    {
        if (!younger.ContainsKey(token) && Interlocked.Increment(ref count) > generation)
        {
            (older, younger, count) = (younger, new ConcurrentDictionary<string, T>(StringComparer.Ordinal), 1);
        }

        younger[token] = known;
    }
}
