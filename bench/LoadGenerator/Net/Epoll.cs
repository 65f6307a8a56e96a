using System.Runtime.InteropServices;

namespace PhoneAuth.LoadGenerator.Net;

/// <summary>Linux's own readiness queue (epoll(7)): a connection costs nothing until its answer is there, and one thread serves them all.</summary>
internal sealed partial class Epoll : IDisposable
{
    private const int Add = 1;
    private const int Readable = 1;
    private const int Interrupted = 4;
    private const int Capacity = 256;

    private readonly Event[] events = new Event[Capacity];
    private readonly int handle = Checked(Create(0));

    /// <summary>Watches a socket; <see cref="Ready"/> gives the tag back when it can be read.</summary>
    public void Watch(nint socket, int tag)
    {
        var watched = new Event { Events = Readable, Data = (ulong)tag };
        Checked(Control(handle, Add, (int)socket, ref watched));
    }

    /// <summary>Waits until a socket can be read, or for so long.</summary>
    /// <param name="nanoseconds">The longest wait.</param>
    /// <returns>How many can be read.</returns>
    public int Wait(long nanoseconds)
    {
        var timeout = new Timespec { Seconds = nanoseconds / 1_000_000_000, Nanoseconds = nanoseconds % 1_000_000_000 };
        var count = WaitFor(handle, events, Capacity, ref timeout, 0);
        return count >= 0 || Marshal.GetLastPInvokeError() == Interrupted ? Math.Max(count, 0) : Checked(count);
    }

    /// <summary>The tag of one that can be read.</summary>
    /// <param name="index">From 0 to what <see cref="Wait"/> gave.</param>
    public int Ready(int index) => (int)events[index].Data;

    public void Dispose() => _ = Close(handle);

    private static int Checked(int result) =>
        result >= 0 ? result : throw new InvalidOperationException("epoll failed with error " + Marshal.GetLastPInvokeError());

    [LibraryImport("libc", EntryPoint = "epoll_create1", SetLastError = true)]
    private static partial int Create(int flags);

    [LibraryImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    private static partial int Control(int handle, int operation, int socket, ref Event watched);

    [LibraryImport("libc", EntryPoint = "epoll_pwait2", SetLastError = true)]
    private static partial int WaitFor(int handle, [Out] Event[] events, int capacity, ref Timespec timeout, nint signals);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int handle);

    /// <summary>Packed, as x86-64 has it.</summary>
    [StructLayout(LayoutKind.Sequential, Pack = 1)]
    private struct Event
    {
        public uint Events;
        public ulong Data;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Timespec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
