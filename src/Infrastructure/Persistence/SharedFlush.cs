namespace PhoneAuth.Infrastructure.Persistence;

/// <summary>
/// Brings an SQLite log to the disk for many transactions at once: whoever has committed while a flush is under way waits for the next one,
/// which covers them all.
/// </summary>
/// <param name="flush">Flushes the file that has a path.</param>
/// <param name="giveUp">Ends the process.</param>
internal sealed class SharedFlush(Action<string> flush, Action<Exception> giveUp)
{
    private readonly Lock gate = new();
    private Task running = Task.CompletedTask;
    private Task? next;

    public SharedFlush()
        : this(ToDisk, static exception => Environment.FailFast("The database's log did not reach the disk.", exception))
    {
    }

    /// <summary>Comes back when what is in the log by now is on the disk.</summary>
    /// <exception cref="IOException">The file could not be opened: too many are open, for example. The next flush covers what it holds.</exception>
    public Task RunAsync(string log)
    {
        lock (gate)
        {
            return next ??= RunAfterAsync(running, log);
        }
    }

    private static void ToDisk(string log)
    {
        using var file = File.OpenHandle(log, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        try
        {
            RandomAccess.FlushToDisk(file);
        }
        catch (IOException exception)
        {
            throw new LostWriteException(exception);
        }
    }

    private async Task RunAfterAsync(Task before, string log)
    {
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
        lock (gate)
        {
            (running, next) = (next!, null);
        }

        try
        {
            flush(log);
        }
        catch (FileNotFoundException)
        {
            // SQLite removes the log when all of it is in the database, and that on the disk.
        }
        catch (LostWriteException exception)
        {
            // What the system could not write it forgets, and says so once: a second try would succeed and mean nothing. After a start
            // SQLite reads what there is.
            giveUp(exception);
            throw;
        }
    }
}

/// <summary>What was written may not be on the disk, now or ever.</summary>
internal sealed class LostWriteException(Exception exception) : IOException(exception.Message, exception);
