using System.Net;
using System.Text.Json;
using PhoneAuth.Testing;

namespace PhoneAuth.Resilience.Tests.Harness;

/// <summary>Calls of somebody in particular.</summary>
internal static class PersonalCalls
{
    public static Task<Answer> AskAsync(this HttpClient client, HttpMethod method, string path, string accessToken, object? body = null) =>
        client.ReadAsync(method, path, Json(body), ("Authorization", "Bearer " + accessToken));

    /// <summary>Asks as a proxy does for somebody with this address.</summary>
    public static Task<Answer> PostForAsync(this HttpClient client, string address, string path, object body) =>
        client.ReadAsync(HttpMethod.Post, path, Json(body), ("X-Forwarded-For", address));

    /// <summary>Asks until the answer is another one than 503.</summary>
    public static async Task<Answer> PatientlyAsync(Func<Task<Answer>> ask)
    {
        Answer answer = null!;
        await ServiceProcess.UntilAsync(async () => (answer = await ask()).Status is not HttpStatusCode.ServiceUnavailable, "It does not serve again.");
        return answer;
    }

    private static StringContent? Json(object? body) => body is null ? null : Calls.JsonContent(JsonSerializer.Serialize(body));
}
