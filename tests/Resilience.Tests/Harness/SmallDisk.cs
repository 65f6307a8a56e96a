using System.Diagnostics;
using System.Globalization;

namespace PhoneAuth.Resilience.Tests.Harness;

/// <summary>A file system of a few megabytes, in memory, which can be filled to its last byte.</summary>
internal sealed class SmallDisk : IDisposable
{
    private const int Block = 4096;
    private readonly string filler;

    private SmallDisk(string folder) => (Folder, filler) = (folder, Path.Combine(folder, "filler"));

    public string Folder { get; }

    /// <summary>Mounts one, which takes root.</summary>
    public static SmallDisk Create(int megabytes, bool ownedByPostgres = false)
    {
        var folder = Directory.CreateTempSubdirectory("phoneauth_disk_").FullName;
        Run("mount", "-t", "tmpfs", "-o", string.Create(CultureInfo.InvariantCulture, $"size={megabytes}m,mode=0700"), "tmpfs", folder);
        if (ownedByPostgres)
        {
            Run("chown", PostgresCluster.Owner ?? Environment.UserName, folder);
        }

        return new SmallDisk(folder);
    }

    /// <summary>Leaves no room for anything.</summary>
    public void Fill()
    {
        using var file = new FileStream(filler, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        try
        {
            while (true)
            {
                file.Write(new byte[Block]);
            }
        }
        catch (IOException)
        {
            // That was the last of it.
        }
    }

    public void Free() => File.Delete(filler);

    public void Dispose()
    {
        Run("umount", "--lazy", Folder);
        Directory.Delete(Folder);
    }

    private static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        process.WaitForExit();
        Assert.That(process.ExitCode, Is.Zero, program);
    }
}
