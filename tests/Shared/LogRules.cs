using System.Text.RegularExpressions;

namespace PhoneAuth.Testing;

/// <summary>
/// What no line of a log may hold. A code of four digits is hard to tell from any other four digits, so none are allowed: once ids, masked
/// numbers, durations and the like are taken out, a line has no four digits in a row, no token, and no long text that could be one.
/// </summary>
internal static partial class LogRules
{
    /// <summary>What is wrong with a line; null where nothing is.</summary>
    public static string? FaultOf(string line)
    {
        var rest = Harmless().Replace(line, "");
        return Secret().Match(rest) is { Success: true } found ? $"'{found.Value}' in: {line}" : null;
    }

    // In order: ids, trace ids and names of test databases; masked numbers; durations; chances; names of migrations; error codes of PostgreSQL and of exceptions; places in
    // source files, compiled lambdas; addresses of servers on this machine.
    [GeneratedRegex(
        @"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9a-f]{32}|\+\d{1,7}•••\d{1,4}|in \d+\.\d ms|\b0\.0+\d\b|\d{14}_\w+|\b[0-9A-Z]{5}: |\b(SqlState: [0-9A-Z]{5}|(Line|Position): \d+)\s|\(0x[0-9A-F]{8}\)|:line \d+|lambda_method\d+|(127\.0\.0\.1|localhost):\d+",
        RegexOptions.ExplicitCapture,
        1000)]
    private static partial Regex Harmless();

    [GeneratedRegex(@"\d{4,}|eyJ|[A-Za-z0-9_-]{44,}", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Secret();
}
