using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace PhoneAuth.Testing;

/// <summary>A text that a gateway was given.</summary>
internal sealed record StubText(string Id, string PhoneNumber, string Code, DateTimeOffset ExpiresAt, DateTimeOffset ReceivedAt);

/// <summary>A product's own gateway: a real server that keeps what is posted to it.</summary>
internal sealed class StubGateway : IAsyncDisposable
{
    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private readonly WebApplication app;
    private readonly ConcurrentQueue<StubText> texts = new();
    private readonly ConcurrentDictionary<string, TaskCompletionSource<StubText>> awaited = new(StringComparer.Ordinal);

    private StubGateway(string url)
    {
        Settings =
        [
            ("Sms:Provider", "Webhook"), ("Sms:Webhook:Url", url), ("Sms:Webhook:Secret", Secret), ("Sms:Webhook:AllowPrivateNetworks", "true"), ("Sms:Simulated:Inbox", "false"),
        ];
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(url);
        app = builder.Build();
        app.Run(async context =>
        {
            using var posted = await JsonDocument.ParseAsync(context.Request.Body);
            Keep(posted.RootElement);
            context.Response.StatusCode = StatusCodes.Status204NoContent;
        });
    }

    /// <summary>What makes a service send its texts here.</summary>
    public (string Key, string Value)[] Settings { get; }

    public IReadOnlyCollection<StubText> Texts => texts;

    public static async Task<StubGateway> StartAsync()
    {
        var gateway = new StubGateway(Calls.Local(Ports.Free()));
        await gateway.app.StartAsync();
        return gateway;
    }

    /// <summary>The text that a number is sent next: ask before it is.</summary>
    public Task<StubText> NextAsync(string phoneNumber) =>
        (awaited[phoneNumber] = new TaskCompletionSource<StubText>(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private void Keep(JsonElement posted)
    {
        var text = new StubText(
            posted.Text("id"), posted.Text("phoneNumber"), posted.Text("code"), posted.GetProperty("expiresAt").GetDateTimeOffset(), DateTimeOffset.UtcNow);
        texts.Enqueue(text);
        if (awaited.TryRemove(text.PhoneNumber, out var waiting))
        {
            waiting.SetResult(text);
        }
    }
}
