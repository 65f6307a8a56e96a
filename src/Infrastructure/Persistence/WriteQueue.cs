namespace PhoneAuth.Infrastructure.Persistence;

/// <summary>
/// SQLite has one writer. Writers of this process stand in line here, in order and without a thread each, rather than poll the file for
/// its lock; those of other processes meet at the file. PostgreSQL needs no line.
/// </summary>
internal sealed class WriteQueue(bool oneWriter) : IDisposable
{
    private readonly SemaphoreSlim? turn = oneWriter ? new SemaphoreSlim(1, 1) : null;

    public bool OneWriter => turn is not null;

    public async Task<IDisposable?> EnterAsync(CancellationToken cancellationToken)
    {
        if (turn is null)
        {
            return null;
        }

        await turn.WaitAsync(cancellationToken);
        return new Turn(turn);
    }

    public void Dispose() => turn?.Dispose();

    private sealed class Turn(SemaphoreSlim turn) : IDisposable
    {
        public void Dispose() => turn.Release();
    }
}
