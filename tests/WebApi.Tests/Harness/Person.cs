using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using PhoneAuth.Testing;

namespace PhoneAuth.WebApi.Tests.Harness;

/// <summary>Somebody who is signed in.</summary>
internal sealed record Person(string PhoneNumber, HttpClient Client, JsonElement SignIn)
{
    public string AccessToken => SignIn.Text("accessToken");

    public string RefreshToken => SignIn.Text("refreshToken");

    public Guid UserId => Guid.Parse(Jwt.Payload(AccessToken).Text("sub"));

    public Guid SessionId => Guid.Parse(Jwt.Payload(AccessToken).Text("sid"));

    public string InviteCode => SignIn.GetProperty("profile").Text("inviteCode");

    public string ProfilePath => "/profile/" + PhoneNumber;

    public Task<Answer> ProfileAsync() => Client.ReadAsync(HttpMethod.Get, ProfilePath);

    public Task<Answer> ActivateAsync(string inviteCode) => Client.PostAsync(ProfilePath, new { inviteCode });
}

/// <summary>The calls of the contract to a service inside the tests.</summary>
internal static class ApiCalls
{
    /// <summary>Has a code sent and reads it.</summary>
    public static async Task<string> RequestCodeAsync(this Api api, string phoneNumber)
    {
        var sent = await api.Client.SendCodeAsync(phoneNumber);
        Assert.That(sent.Status, Is.EqualTo(HttpStatusCode.Accepted), sent.Body);
        return (await api.Inbox.NextAsync(phoneNumber)).Code;
    }

    public static async Task<Person> SignInAsync(this Api api, string? phoneNumber = null, string? deviceName = null)
    {
        phoneNumber ??= Calls.NewNumber();
        var code = await api.RequestCodeAsync(phoneNumber);
        var answer = await api.Client.VerifyCodeAsync(phoneNumber, code, deviceName);
        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK), answer.Body);
        return new Person(phoneNumber, api.ClientWith(answer.Json.Text("accessToken")), answer.Json);
    }

    public static HttpClient ClientWith(this Api api, string accessToken)
    {
        var client = api.CreateClient();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", accessToken);
        return client;
    }

    /// <summary>Posts as a peer with this address would.</summary>
    public static Task<Answer> PostFromAsync(this HttpClient client, string address, string path, object body, params (string Name, string Value)[] headers) =>
        client.ReadAsync(HttpMethod.Post, path, Calls.JsonContent(JsonSerializer.Serialize(body)), [(Api.AddressHeader, address), .. headers]);
}
