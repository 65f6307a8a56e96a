using System.Globalization;
using System.Runtime.InteropServices;

namespace PhoneAuth.LoadGenerator.Machines;

/// <summary>What the kernel counts of processes (proc(5)).</summary>
internal static partial class Processes
{
    private const int ClockTicksName = 2;
    private static readonly double Tick = 1.0 / Sysconf(ClockTicksName);

    /// <summary>CPU time of a process so far, user and system, in seconds.</summary>
    public static double Cpu(int processId) => Stat(processId) is { } stat ? Time(stat, 11) + Time(stat, 12) : 0;

    /// <summary>CPU time of a process, its children that live and those that have ended, in seconds.</summary>
    public static double CpuWithChildren(int processId)
    {
        // A child that ends between the two looks is among neither, and with it goes all that it has done.
        double ended;
        double living;
        do
        {
            ended = CpuOfEnded(processId);
            living = CpuOfLiving(processId);
        }
        while (!ended.Equals(CpuOfEnded(processId)));
        return Cpu(processId) + ended + living;
    }

    /// <summary>Memory that a process has to itself, in megabytes: what is mapped of its program's files can be read again and is left out.</summary>
    public static double OwnMegabytes(int processId) => File.ReadLines($"/proc/{processId}/status")
        .Where(line => line.StartsWith("RssAnon:", StringComparison.Ordinal) || line.StartsWith("RssShmem:", StringComparison.Ordinal))
        .Sum(line => double.Parse(line.Split(':')[1].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture)) / 1024;

    private static double CpuOfEnded(int processId) => Stat(processId) is { } stat ? Time(stat, 13) + Time(stat, 14) : 0;

    private static double CpuOfLiving(int processId)
    {
        var (cpu, parent) = (0.0, processId.ToString(CultureInfo.InvariantCulture));
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var id) && Stat(id) is { } stat && string.Equals(stat[1], parent, StringComparison.Ordinal))
            {
                cpu += Time(stat, 11) + Time(stat, 12);
            }
        }

        return cpu;
    }

    private static double Time(string[] stat, int index) => double.Parse(stat[index], CultureInfo.InvariantCulture) * Tick;

    /// <summary>The fields behind the name, which may hold blanks itself: the state is the first.</summary>
    private static string[]? Stat(int processId)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{processId}/stat");
            return text[(text.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null; // it has ended
        }
    }

    [LibraryImport("libc", EntryPoint = "sysconf")]
    private static partial long Sysconf(int name);
}
