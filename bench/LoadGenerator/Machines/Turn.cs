namespace PhoneAuth.LoadGenerator.Machines;

/// <summary>Holds locks on files (flock(2)) while something is measured: others on this machine who take the same locks to build wait meanwhile.</summary>
internal sealed class Turn : IDisposable
{
    private readonly List<FileStream> held = [];

    public Turn(IEnumerable<string> files)
    {
        foreach (var file in files)
        {
            held.Add(Take(file));
        }
    }

    public void Dispose() => held.ForEach(file => file.Dispose());

    private static FileStream Take(string file)
    {
        while (true)
        {
            try
            {
                return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (File.Exists(file))
            {
                Thread.Sleep(20); // somebody else's turn
            }
        }
    }
}
