using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using PhoneAuth.Testing;

namespace PhoneAuth.Resilience.Tests.Harness;

/// <summary>
/// Callers who sign in, activate, refresh and delete without a pause, each as a careful client does: what is answered with 503 or breaks off is
/// asked again. What they were told goes into the <see cref="Ledger"/>; an answer that no careful client is ready for is kept as wrong.
/// </summary>
internal sealed class Load : IAsyncDisposable
{
    private const int StoriesPerDeletion = 4;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    /// <summary>Texts of an instance that was killed are taken over within 15 seconds, by one that may be killed next.</summary>
    private static readonly TimeSpan TextPatience = TimeSpan.FromMinutes(2);

    private readonly StubGateway gateway;
    private readonly Func<HttpClient> next;
    private readonly CancellationTokenSource end = new();
    private readonly ConcurrentQueue<(long At, bool Success)> answers = new();
    private readonly ConcurrentQueue<string> wrong = new();
    private readonly List<Task> callers;
    private int unavailable;
    private int broken;
    private long longest;
    private long longestWaitForText;
    private volatile Entry? lastInviter;

    /// <param name="gateway">Where the texts arrive.</param>
    /// <param name="next">The instance to call next.</param>
    /// <param name="callers">How many call at once.</param>
    public Load(StubGateway gateway, Func<HttpClient> next, int callers)
    {
        (this.gateway, this.next) = (gateway, next);
        this.callers = [.. Enumerable.Range(0, callers).Select(_ => Task.Run(CallAsync))];
    }

    public Ledger Ledger { get; } = new();

    /// <summary>For whom a proxy has a code sent.</summary>
    public Func<string>? Addressed { get; init; }

    /// <summary>How long a text took, from the word that it is on its way.</summary>
    public TimeSpan LongestWaitForText => TimeSpan.FromTicks(longestWaitForText);

    /// <summary>Answers that are neither what was asked for nor a 503 that says when to come back.</summary>
    public IReadOnlyCollection<string> Wrong => wrong;

    /// <summary>How often the answer was 503.</summary>
    public int Unavailable => unavailable;

    /// <summary>How often there was no answer.</summary>
    public int Broken => broken;

    public int Successes => answers.Count(answer => answer.Success);

    public TimeSpan LongestAnswer => TimeSpan.FromTicks(longest);

    /// <summary>How long after that moment somebody succeeded at something that was asked since then.</summary>
    public async Task<TimeSpan> FirstSuccessAsync(long since)
    {
        (long At, bool Success) first = default;
        await ServiceProcess.UntilAsync(() => Task.FromResult((first = answers.FirstOrDefault(answer => answer.Success && answer.At >= since)).Success), "Nobody succeeds any more.");
        return Stopwatch.GetElapsedTime(since, first.At);
    }

    /// <summary>Waits until so many more effects have been acknowledged, as long as it goes on.</summary>
    public async Task EffectsAsync(int more)
    {
        for (var (seen, goal) = (Ledger.Effects, Ledger.Effects + more); seen < goal && !callers.Exists(caller => caller.IsFaulted); seen = Ledger.Effects)
        {
            await ServiceProcess.UntilAsync(() => Task.FromResult(Ledger.Effects > seen || callers.Exists(caller => caller.IsFaulted)), "Nothing is acknowledged any more.");
        }
    }

    /// <summary>Lets each story come to its end.</summary>
    public async Task EndAsync()
    {
        await end.CancelAsync();
        await Task.WhenAll(callers);
    }

    public async ValueTask DisposeAsync()
    {
        await end.CancelAsync();
        await Task.WhenAll(callers).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        end.Dispose();
    }

    private async Task CallAsync()
    {
        for (var story = 1; !end.IsCancellationRequested; story++)
        {
            await TellAsync(story % StoriesPerDeletion == 0);
        }
    }

    private async Task TellAsync(bool deletes)
    {
        var inviter = lastInviter;
        if (await SignInAsync(Calls.NewNumber()) is not { } entry)
        {
            return;
        }

        if (inviter is not null && (await AskAsync(client => client.AskAsync(
            HttpMethod.Post, "/profile/" + entry.PhoneNumber, entry.AccessToken, new { inviteCode = inviter.InviteCode }))) is var activated
            && Expect(activated, HttpStatusCode.OK, "invite_code_already_activated"))
        {
            entry.Inviter = inviter;
            Ledger.Changed();
        }

        var refreshed = await AskAsync(client => client.PostAsync("/refresh-token", new { refreshToken = entry.RefreshToken }));
        if (Expect(refreshed, HttpStatusCode.OK))
        {
            (entry.AccessToken, entry.RefreshToken) = (refreshed.Answer.Json.Text("accessToken"), refreshed.Answer.Json.Text("refreshToken"));
            Ledger.Changed();
        }

        if (deletes)
        {
            var deleted = await AskAsync(client => client.AskAsync(HttpMethod.Delete, "/profile/" + entry.PhoneNumber, entry.AccessToken));
            entry.Deleted = Expect(deleted, HttpStatusCode.NoContent, "unauthenticated");
            Ledger.Changed();
        }
        else
        {
            lastInviter = entry;
        }
    }

    private async Task<Entry?> SignInAsync(string phoneNumber)
    {
        for (var repeated = false; ; repeated = true)
        {
            Task<StubText> arriving = null!;
            var sent = await AskAsync(client =>
            {
                arriving = gateway.NextAsync(phoneNumber);
                return Addressed is null ? client.SendCodeAsync(phoneNumber) : client.PostForAsync(Addressed(), "/send-code", new { phoneNumber });
            });
            if (!Expect(sent, HttpStatusCode.Accepted))
            {
                return null;
            }

            Ledger.Sent(phoneNumber);
            var acknowledged = Stopwatch.GetTimestamp();
            StubText text;
            try
            {
                text = await arriving.WaitAsync(TextPatience);
                Longest(ref longestWaitForText, acknowledged);
            }
            catch (TimeoutException)
            {
                wrong.Enqueue($"No text for {phoneNumber} in {TextPatience}");
                return null;
            }

            var verified = await AskAsync(client => client.VerifyCodeAsync(phoneNumber, text.Code));
            repeated |= sent.Repeated || verified.Repeated;
            if (repeated && verified.Answer.Code is "code_expired" or "code_invalid")
            {
                // It was lost on its way back whether the code is used, or which of two texts came first: a careful client has another one sent.
                continue;
            }

            if (!Expect(verified, HttpStatusCode.OK))
            {
                return null;
            }

            var entry = new Entry(phoneNumber)
            {
                InviteCode = verified.Answer.Json.GetProperty("profile").Text("inviteCode"),
                AccessToken = verified.Answer.Json.Text("accessToken"),
                RefreshToken = verified.Answer.Json.Text("refreshToken"),
            };
            Ledger.SignedIn(entry);
            return entry;
        }
    }

    private async Task<(Answer Answer, bool Repeated)> AskAsync(Func<HttpClient, Task<Answer>> ask)
    {
        using var timer = new PeriodicTimer(Pause);
        for (var repeated = false; ; repeated = true)
        {
            var began = Stopwatch.GetTimestamp();
            try
            {
                var answer = await ask(next());
                answers.Enqueue((Stopwatch.GetTimestamp(), (int)answer.Status < 300));
                if (answer.Status is not HttpStatusCode.ServiceUnavailable)
                {
                    return (answer, repeated);
                }

                Interlocked.Increment(ref unavailable);
                if (answer.Headers.RetryAfter is null)
                {
                    wrong.Enqueue("503 without Retry-After");
                }
            }
            catch (Exception exception) when (exception is HttpRequestException or IOException)
            {
                Interlocked.Increment(ref broken);
            }
            finally
            {
                Longest(ref longest, began);
            }

            await timer.WaitForNextTickAsync();
        }
    }

    private static void Longest(ref long longest, long began)
    {
        var ticks = Stopwatch.GetElapsedTime(began).Ticks;
        for (var seen = Volatile.Read(ref longest); ticks > seen; seen = Volatile.Read(ref longest))
        {
            Interlocked.CompareExchange(ref longest, ticks, seen);
        }
    }

    /// <summary>Whether an answer is what was asked for, or says that an earlier try whose answer was lost has done it.</summary>
    private bool Expect((Answer Answer, bool Repeated) told, HttpStatusCode status, string? codeOfDone = null)
    {
        var expected = told.Answer.Status == status || (told.Repeated && codeOfDone is not null && told.Answer.Code == codeOfDone);
        if (!expected)
        {
            wrong.Enqueue($"{told.Answer.Status} {told.Answer.Code} instead of {status}");
        }

        return expected;
    }
}
