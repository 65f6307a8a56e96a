namespace PhoneAuth.Browser.Tests.Harness;

/// <summary>The browser has one clipboard for all of its visitors: a test that copies or pastes holds it meanwhile.</summary>
internal static class Clipboard
{
    private static readonly SemaphoreSlim OneAtATime = new(1, 1);

    public static async Task<IDisposable> HoldAsync()
    {
        await OneAtATime.WaitAsync();
        return new Held();
    }

    private sealed class Held : IDisposable
    {
        public void Dispose() => OneAtATime.Release();
    }
}
