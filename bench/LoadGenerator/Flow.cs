using System.Text;

namespace PhoneAuth.LoadGenerator;

/// <summary>What one simulated client does over one connection, again and again: a flow is one call or several in a row.</summary>
internal abstract class Flow
{
    /// <summary>Nothing is left to do, or the flow is over.</summary>
    public const int Nothing = 0;

    /// <summary>The name of the call that is under way.</summary>
    public string Call { get; protected set; } = "";

    /// <summary>Writes the first call of the next flow.</summary>
    /// <param name="request">Where to.</param>
    /// <returns>Its length, or <see cref="Nothing"/> where this client has no flow left.</returns>
    public abstract int Begin(Span<byte> request);

    /// <summary>Takes the answer of the call that is under way, and writes the one after it.</summary>
    /// <param name="status">Its status.</param>
    /// <param name="body">Its body.</param>
    /// <param name="request">Where the next one is written.</param>
    /// <returns>The next one's length, or <see cref="Nothing"/> where the flow is over.</returns>
    /// <exception cref="UnexpectedAnswerException">The answer is not what this flow is about.</exception>
    public abstract int Continue(int status, ReadOnlySpan<byte> body, Span<byte> request);

    protected void Expect(int expected, int status, ReadOnlySpan<byte> body)
    {
        if (status != expected && !AnyStatus)
        {
            throw new UnexpectedAnswerException($"{Call}: {status} instead of {expected}: {Encoding.UTF8.GetString(body)}");
        }
    }

    /// <summary>The empty server knows one status.</summary>
    public static bool AnyStatus { get; set; }
}

/// <summary>The service answered something else: a measurement of it would mean nothing.</summary>
internal sealed class UnexpectedAnswerException(string message) : Exception(message);
