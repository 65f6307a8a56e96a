namespace PhoneAuth.Testing;

/// <summary>A clock that stands until a test moves it. Timers run by the real one.</summary>
internal sealed class FakeClock : TimeProvider
{
    private long ticks = new DateTimeOffset(2026, 11, 22, 9, 30, 0, TimeSpan.Zero).UtcTicks;

    public DateTimeOffset Now => GetUtcNow();

    public override DateTimeOffset GetUtcNow() => new(Interlocked.Read(ref ticks), TimeSpan.Zero);

    public void Advance(TimeSpan time) => Interlocked.Add(ref ticks, time.Ticks);
}
