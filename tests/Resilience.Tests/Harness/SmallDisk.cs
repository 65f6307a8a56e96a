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

    /// <summary>Mounts one. Null where nobody lets us: then a trigger that refuses every new row stands in for the full disk.</summary>
    public static SmallDisk? TryCreate(int megabytes, bool ownedByPostgres = false)
    {
        var folder = Directory.CreateTempSubdirectory("phoneauth_disk_").FullName;
        if (Run("mount", "-t", "tmpfs", "-o", string.Create(CultureInfo.InvariantCulture, $"size={megabytes}m,mode=0700"), "tmpfs", folder) != 0)
        {
            Directory.Delete(folder);
            TestContext.Out.WriteLine("No file system can be mounted here: a trigger stands in for the full disk.");
            return null;
        }

        var disk = new SmallDisk(folder);
        if (ownedByPostgres && PostgresCluster.Owner is { } owner)
        {
            Assert.That(Run("chown", owner, folder), Is.Zero);
        }

        return disk;
    }

    /// <summary>Leaves no room for anything.</summary>
    public async Task FillAsync()
    {
        await using var file = new FileStream(filler, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        try
        {
            while (true)
            {
                await file.WriteAsync(new byte[Block]);
            }
        }
        catch (IOException)
        {
            // That was the last of it.
        }
    }

    public Task FreeAsync()
    {
        File.Delete(filler);
        return Task.CompletedTask;
    }

    public void Dispose()
    {
        Run("umount", "--lazy", Folder);
        Directory.Delete(Folder);
    }

    private static int Run(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        process.WaitForExit();
        return process.ExitCode;
    }
}
