using System.Globalization;

namespace PhoneAuth.Resilience.Tests.Harness;

/// <summary>What a process takes of its machine, as Linux tells it.</summary>
internal static class ProcessFigures
{
    /// <summary>The memory that is really there, in bytes.</summary>
    public static long Memory(int process)
    {
        var line = File.ReadLines(Of(process) + "/status").Single(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
        return 1024 * long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
    }

    /// <summary>Open files and sockets.</summary>
    public static int Handles(int process) => Directory.GetFileSystemEntries(Of(process) + "/fd").Length;

    public static int Threads(int process) => Directory.GetDirectories(Of(process) + "/task").Length;

    private static string Of(int process) => string.Create(CultureInfo.InvariantCulture, $"/proc/{process}");
}
