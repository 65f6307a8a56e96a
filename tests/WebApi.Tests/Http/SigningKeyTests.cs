using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using PhoneAuth.Infrastructure.Persistence;
using PhoneAuth.Infrastructure.Security;
using PhoneAuth.Testing;
using PhoneAuth.WebApi.Http;
using PhoneAuth.WebApi.Tests.Harness;

namespace PhoneAuth.WebApi.Tests.Http;

/// <summary>The keys that sign: made once, followed in good time, gone when nobody needs them.</summary>
[OnBothDatabases]
[Parallelizable(ParallelScope.Self)]
internal sealed class SigningKeyTests(DatabaseKind kind)
{
    [Test]
    public async Task Of_many_instances_that_start_at_once_on_an_empty_database_one_makes_the_key()
    {
        var database = await TestDatabase.CreateEmptyAsync(kind);
        await using (database)
        {
            var clock = new FakeClock();
            var instances = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => Task.Run(() => Api.StartOn(database, clock))));
            var keySets = await Task.WhenAll(instances.Select(async api => (await api.Client.ReadAsync(HttpMethod.Get, "/.well-known/jwks.json")).Body));
            var people = await Task.WhenAll(instances.Select(api => api.SignInAsync()));
            await using (var context = database.Open())
            {
                Assert.That(await context.SigningKeys.CountAsync(), Is.EqualTo(1));
            }

            Assert.That(keySets.Distinct(StringComparer.Ordinal).Count(), Is.EqualTo(1), string.Join('\n', keySets));
            foreach (var person in people)
            {
                Assert.That((await instances[0].ClientWith(person.AccessToken).ReadAsync(HttpMethod.Get, "/profile")).Status, Is.EqualTo(HttpStatusCode.OK));
            }

            await Task.WhenAll(instances.Select(api => api.DisposeAsync().AsTask()));
        }
    }

    [Test]
    public async Task The_key_set_shows_public_halves_alone_and_the_discovery_document_leads_to_it()
    {
        await using var api = await Api.StartAsync(kind, ("Tokens:Issuer", "https://id.example.com/auth/"));
        var document = (await api.Client.ReadAsync(HttpMethod.Get, "/.well-known/openid-configuration")).Json;
        Assert.That(document.Text("issuer"), Is.EqualTo("https://id.example.com/auth/"));
        Assert.That(document.Text("jwks_uri"), Is.EqualTo("https://id.example.com/auth/.well-known/jwks.json"));
        Assert.That(document.GetProperty("id_token_signing_alg_values_supported")[0].GetString(), Is.EqualTo("ES256"));
        var keySet = await api.Client.ReadAsync(HttpMethod.Get, "/.well-known/jwks.json");
        var key = keySet.Json.GetProperty("keys").EnumerateArray().Single();
        Assert.That(key.EnumerateObject().Select(member => member.Name), Is.EquivalentTo(new[] { "kty", "crv", "use", "alg", "kid", "x", "y" }));
        Assert.That((key.Text("kty"), key.Text("crv"), key.Text("use"), key.Text("alg")), Is.EqualTo(("EC", "P-256", "sig", "ES256")));
        Assert.That(keySet.Headers.CacheControl!.MaxAge, Is.EqualTo(SigningKeyRing.PublishedMaxAge));
        Assert.That((await api.SignInAsync()).AccessToken.Split('.'), Has.Length.EqualTo(3));
    }

    [Test]
    public async Task A_new_key_is_published_before_it_signs_and_the_old_one_until_its_last_token_died()
    {
        await using var api = await Api.StartAsync(kind);
        await using var other = api.StartAnother();
        var (ring, others) = (Ring(api), Ring(other));
        var old = ring.Current().Key.KeyId;
        var key = await ring.RotateAsync(default);

        // Published here at once, at the other instance as soon as it looks, and no caching reader keeps the older set for longer than it takes.
        await others.RefreshAsync(default);
        Assert.That(await PublishedAsync(api), Is.EqualTo(new[] { old, key.Key.KeyId }));
        Assert.That(await PublishedAsync(other), Is.EqualTo(new[] { old, key.Key.KeyId }));
        Assert.That(SigningKeyRing.PublishDelay, Is.GreaterThan(SigningKeyRing.RefreshInterval + SigningKeyRing.PublishedMaxAge));

        api.Clock.Advance(SigningKeyRing.PublishDelay - TimeSpan.FromMicroseconds(1));
        var last = await api.SignInAsync();
        Assert.That(KeyIdOf(last), Is.EqualTo(old));
        api.Clock.Advance(TimeSpan.FromMicroseconds(1));
        Assert.That(KeyIdOf(await api.SignInAsync()), Is.EqualTo(key.Key.KeyId));
        Assert.That(KeyIdOf(await other.SignInAsync()), Is.EqualTo(key.Key.KeyId));

        api.Clock.Advance(TimeSpan.FromMinutes(10) + TimeSpan.FromSeconds(28));
        Assert.That((await other.ClientWith(last.AccessToken).ReadAsync(HttpMethod.Get, "/profile")).Status, Is.EqualTo(HttpStatusCode.OK));
        await api.Services.GetRequiredService<Purge>().RunAsync(default);
        Assert.That(await PublishedAsync(api), Is.EqualTo(new[] { old, key.Key.KeyId }));

        api.Clock.Advance(TimeSpan.FromSeconds(32));
        Assert.That(await PublishedAsync(other), Is.EqualTo(new[] { key.Key.KeyId }));
        Assert.That((await api.Services.GetRequiredService<Purge>().RunAsync(default))!.SigningKeys, Is.EqualTo(1));
        await using var context = api.Database.Open();
        Assert.That(await context.SigningKeys.Select(row => row.KeyId).ToListAsync(), Is.EqualTo(new[] { key.Key.KeyId }));
    }

    [Test]
    public async Task Two_who_rotate_at_once_add_one_key()
    {
        await using var api = await Api.StartAsync(kind);
        await using var other = api.StartAnother();
        await Task.WhenAll(Ring(api).RotateAsync(default), Ring(other).RotateAsync(default));
        await using var context = api.Database.Open();
        var numbers = await context.SigningKeys.Select(row => row.Number).OrderBy(number => number).ToListAsync();
        Assert.That(numbers, Is.EqualTo(new[] { 1, 2 }).Or.EqualTo(new[] { 1, 2, 3 }));
    }

    [Test]
    public async Task What_lies_in_the_database_signs_nothing()
    {
        await using var api = await Api.StartAsync(kind);
        await using var context = api.Database.Open();
        var row = await context.SigningKeys.SingleAsync();
        var exported = Ring(api).Current().Key.ECDsa.ExportParameters(includePrivateParameters: true).D!;
        Assert.That(row.SealedKey.AsSpan().IndexOf(exported), Is.EqualTo(-1));
        using var ecdsa = System.Security.Cryptography.ECDsa.Create();
        Assert.That(() => ecdsa.ImportPkcs8PrivateKey(row.SealedKey, out _), Throws.InstanceOf<System.Security.Cryptography.CryptographicException>());
    }

    [Test]
    public async Task A_new_secret_key_reads_all_that_the_one_before_it_made()
    {
        await using var old = await Api.StartAsync(kind);
        var (owner, person, leaver) = (await old.SignInAsync(), await old.SignInAsync(), await old.SignInAsync());
        await leaver.ActivateAsync(owner.InviteCode);
        await leaver.Client.ReadAsync(HttpMethod.Delete, leaver.ProfilePath);
        var number = Calls.NewNumber();
        var code = await old.RequestCodeAsync(number);

        await using var api = old.StartAnother(("SecretKey", NewSecretKey), ("PreviousSecretKeys:0", Api.SecretKey));
        Assert.That((await api.ClientWith(person.AccessToken).ReadAsync(HttpMethod.Get, "/profile")).Status, Is.EqualTo(HttpStatusCode.OK), "signing keys");
        Assert.That((await api.Client.VerifyCodeAsync(number, code)).Status, Is.EqualTo(HttpStatusCode.OK), "codes");
        var refreshed = await api.Client.PostAsync("/refresh-token", new { refreshToken = person.RefreshToken });
        Assert.That(refreshed.Status, Is.EqualTo(HttpStatusCode.OK), "refresh tokens");
        old.Clock.Advance(TimeSpan.FromMinutes(2));
        Assert.That((await api.SignInAsync(leaver.PhoneNumber)).SignIn.GetProperty("profile").GetProperty("canActivateInviteCode").GetBoolean(), Is.False, "spent activations");
        Assert.That((await api.Client.PostAsync("/refresh-token", new { refreshToken = refreshed.Json.Text("refreshToken") })).Status, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task While_instances_with_the_old_and_the_new_secret_key_stand_side_by_side_a_lost_answer_signs_nobody_out()
    {
        await using var old = await Api.StartAsync(kind, ("PreviousSecretKeys:0", NewSecretKey));
        await using var api = old.StartAnother(("SecretKey", NewSecretKey), ("PreviousSecretKeys:0", Api.SecretKey));
        foreach (var (first, second) in new[] { (old, api), (api, old) })
        {
            var person = await old.SignInAsync();
            var lost = await first.Client.PostAsync("/refresh-token", new { refreshToken = person.RefreshToken });
            var again = await second.Client.PostAsync("/refresh-token", new { refreshToken = person.RefreshToken });
            Assert.That(again.Status, Is.EqualTo(HttpStatusCode.OK), again.Body);
            Assert.That(again.Json.Text("refreshToken"), Is.EqualTo(lost.Json.Text("refreshToken")));
            Assert.That((await second.Client.PostAsync("/refresh-token", new { refreshToken = again.Json.Text("refreshToken") })).Status, Is.EqualTo(HttpStatusCode.OK));
        }
    }

    [Test]
    public async Task Once_the_signing_key_has_followed_the_secret_key_before_may_be_forgotten()
    {
        await using var old = await Api.StartAsync(kind);
        await using (var api = old.StartAnother(("SecretKey", NewSecretKey), ("PreviousSecretKeys:0", Api.SecretKey)))
        {
            await Ring(api).RotateAsync(default);
        }

        old.Clock.Advance(SigningKeyRing.PublishDelay + TimeSpan.FromMinutes(11));
        await using var last = old.StartAnother(("SecretKey", NewSecretKey));
        Assert.That((await last.SignInAsync()).AccessToken, Is.Not.Empty);
    }

    [Test]
    public async Task An_instance_that_cannot_open_the_newest_key_goes_on_with_those_it_has()
    {
        await using var old = await Api.StartAsync(kind);
        await using var api = old.StartAnother(("SecretKey", NewSecretKey), ("PreviousSecretKeys:0", Api.SecretKey));
        await Ring(api).RotateAsync(default);
        Assert.That(() => Ring(old).RefreshAsync(default), Throws.InstanceOf<OptionsValidationException>());

        // What looks for new keys each minute says so each time, and goes on.
        var logger = new TwoLines();
        using var maintenance = new Maintenance(Ring(old), old.Services.GetRequiredService<Purge>(), new HastyClock(), logger);
        await maintenance.StartAsync(default);
        Assert.That(await logger.Said, Does.Contain("PreviousSecretKeys"));
        Assert.That(maintenance.ExecuteTask!.IsFaulted, Is.False);
        await maintenance.StopAsync(default);
        Assert.That((await (await old.SignInAsync()).ProfileAsync()).Status, Is.EqualTo(HttpStatusCode.OK));
    }

    private const string NewSecretKey = "another secret key that only tests know: 4Tz8k1";

    private static SigningKeyRing Ring(Api api) => api.Services.GetRequiredService<SigningKeyRing>();

    private static string KeyIdOf(Person person) => Jwt.Header(person.AccessToken).Text("kid");

    /// <summary>A minute passes in a millisecond.</summary>
    private sealed class HastyClock : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            base.CreateTimer(callback, state, TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(1));
    }

    /// <summary>Waits until the same complaint has come twice.</summary>
    private sealed class TwoLines : ILogger<Maintenance>
    {
        private readonly TaskCompletionSource<string> said = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int lines;

        public Task<string> Said => said.Task;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (logLevel == LogLevel.Error && Interlocked.Increment(ref lines) == 2)
            {
                said.TrySetResult(formatter(state, exception));
            }
        }
    }

    private static async Task<string[]> PublishedAsync(Api api) =>
        [.. (await api.Client.ReadAsync(HttpMethod.Get, "/.well-known/jwks.json")).Json.GetProperty("keys").EnumerateArray().Select(key => key.Text("kid"))];
}
