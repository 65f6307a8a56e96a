using System.Collections.Concurrent;
using System.Net;
using PhoneAuth.Testing;

namespace PhoneAuth.Resilience.Tests.Harness;

/// <summary>What one user was told that has happened.</summary>
internal sealed record Entry(string PhoneNumber)
{
    public string InviteCode { get; set; } = "";

    public string AccessToken { get; set; } = "";

    public string RefreshToken { get; set; } = "";

    /// <summary>Whose code they were told that they have activated.</summary>
    public Entry? Inviter { get; set; }

    public bool Deleted { get; set; }
}

/// <summary>Every effect that the service has acknowledged, to be held against what it says later.</summary>
internal sealed class Ledger
{
    private const int CheckedAtOnce = 16;
    private readonly ConcurrentQueue<Entry> entries = new();
    private readonly ConcurrentQueue<string> texts = new();
    private int effects;

    /// <summary>How many effects were acknowledged.</summary>
    public int Effects => Volatile.Read(ref effects);

    public IReadOnlyCollection<Entry> Entries => entries;

    public void Sent(string phoneNumber)
    {
        texts.Enqueue(phoneNumber);
        Interlocked.Increment(ref effects);
    }

    public void SignedIn(Entry entry)
    {
        entries.Enqueue(entry);
        Interlocked.Increment(ref effects);
    }

    public void Changed() => Interlocked.Increment(ref effects);

    /// <summary>Asks the service for all of it, and tells what is not as it was acknowledged.</summary>
    public async Task<IReadOnlyCollection<string>> LostAsync(HttpClient client, StubGateway gateway)
    {
        var lost = new ConcurrentQueue<string>();
        var delivered = gateway.Texts.Select(text => text.PhoneNumber).ToHashSet(StringComparer.Ordinal);
        foreach (var phoneNumber in texts.Where(phoneNumber => !delivered.Contains(phoneNumber)))
        {
            lost.Enqueue($"{phoneNumber}: the text");
        }

        var invited = entries.Where(entry => entry is { Inviter: not null, Deleted: false }).CountBy(entry => entry.Inviter!).ToDictionary();
        await Parallel.ForEachAsync(entries, new ParallelOptions { MaxDegreeOfParallelism = CheckedAtOnce }, async (entry, _) =>
        {
            foreach (var effect in await LostAsync(client, entry, invited.GetValueOrDefault(entry)))
            {
                lost.Enqueue($"{entry.PhoneNumber}: {effect}");
            }
        });
        return lost;
    }

    private static async Task<List<string>> LostAsync(HttpClient client, Entry entry, int invited)
    {
        var lost = new List<string>();
        var profile = await PersonalCalls.PatientlyAsync(() => client.AskAsync(HttpMethod.Get, "/profile", entry.AccessToken));
        if (entry.Deleted)
        {
            if (profile.Status is not HttpStatusCode.Unauthorized)
            {
                lost.Add($"the deletion: {profile.Status}");
            }

            return lost;
        }

        if (profile.Status is not HttpStatusCode.OK)
        {
            return [$"the sign-in: {profile.Status} {profile.Code}"];
        }

        if (profile.Json.Text("phoneNumber") != entry.PhoneNumber || profile.Json.Text("inviteCode") != entry.InviteCode)
        {
            lost.Add("the user");
        }

        if (profile.Json.GetProperty("activatedInviteCode").GetString() != entry.Inviter?.InviteCode)
        {
            lost.Add("the activation");
        }

        if (profile.Json.GetProperty("invitedUsersCount").GetInt32() != invited)
        {
            lost.Add($"an invited user: {profile.Json.GetProperty("invitedUsersCount")} of {invited}");
        }

        var refreshed = await PersonalCalls.PatientlyAsync(() => client.PostAsync("/refresh-token", new { refreshToken = entry.RefreshToken }));
        if (refreshed.Status is not HttpStatusCode.OK)
        {
            lost.Add($"the refresh: {refreshed.Status} {refreshed.Code}");
        }

        return lost;
    }
}
