using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using PhoneAuth.Domain.Sessions;
using PhoneAuth.Infrastructure.Security;
using PhoneAuth.Infrastructure.Tests.Harness;
using PhoneAuth.Testing;

namespace PhoneAuth.Infrastructure.Tests.Security;

/// <summary>When a key signs, is published and goes, to the microsecond. Both databases and many instances are asked over HTTP.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class SigningKeyRingTests
{
    private const string Old = "an old secret key that only tests know";
    private const string New = "a new secret key that only tests know!";
    private static readonly TimeSpan Moment = TimeSpan.FromMicroseconds(1);

    /// <summary>After this a token that was signed in the last moment before has died everywhere.</summary>
    private static readonly TimeSpan LastTokens = new SessionPolicy().AccessTokenLifetime + TimeSpan.FromMinutes(1);

    private Store store = null!;
    private SigningKeyRing ring = null!;

    [SetUp]
    public async Task StartAsync()
    {
        store = await Store.CreateAsync(DatabaseKind.Sqlite);
        ring = With(Old);
    }

    [TearDown]
    public async Task StopAsync()
    {
        ring.Dispose();
        await store.DisposeAsync();
    }

    [Test]
    public void Before_a_key_was_read_nothing_is_signed_and_nothing_published()
    {
        Assert.That(() => ring.Current(), Throws.TypeOf<TimeoutException>().With.Message.EqualTo("The signing keys have not been read yet."));
        Assert.That(ring.Published(), Is.Empty);
        Assert.That(ring.Find("any"), Is.Null);
    }

    [Test]
    public async Task The_first_look_makes_the_first_key_and_the_next_ones_find_it()
    {
        await ring.EnsureLoadedAsync(default);
        var key = ring.Current();
        Assert.That((key.Number, key.CreatedAt, key.SignsFrom), Is.EqualTo((1, store.Clock.Now, store.Clock.Now)));
        using var other = With(Old);
        await other.EnsureLoadedAsync(default);
        Assert.That(other.Current().Key.KeyId, Is.EqualTo(key.Key.KeyId));
        Assert.That(await RowsAsync(), Is.EqualTo(new[] { 1 }));
    }

    [Test]
    public async Task Who_has_keys_looks_again_only_when_it_is_time()
    {
        await ring.EnsureLoadedAsync(default);
        using var other = With(Old);
        await other.RotateAsync(default);
        await ring.EnsureLoadedAsync(default);
        Assert.That(Published(), Is.EqualTo(new[] { 1 }));
        await ring.RefreshAsync(default);
        Assert.That(Published(), Is.EqualTo(new[] { 1, 2 }));
    }

    [Test]
    public async Task A_key_that_is_known_is_not_opened_again()
    {
        await ring.EnsureLoadedAsync(default);
        var key = ring.Current();
        await ring.RefreshAsync(default);
        Assert.That(ring.Current(), Is.SameAs(key));
    }

    [Test]
    public async Task A_new_key_is_published_at_once_and_signs_when_its_delay_is_over()
    {
        var key = await ring.RotateAsync(default);
        Assert.That((key.Number, key.CreatedAt, key.SignsFrom), Is.EqualTo((2, store.Clock.Now, store.Clock.Now + SigningKeyRing.PublishDelay)));
        Assert.That(Published(), Is.EqualTo(new[] { 1, 2 }));
        Assert.That(ring.Find(key.Key.KeyId), Is.SameAs(key));

        store.Clock.Advance(SigningKeyRing.PublishDelay - Moment);
        Assert.That(ring.Current().Number, Is.EqualTo(1));
        store.Clock.Advance(Moment);
        Assert.That(ring.Current().Number, Is.EqualTo(2));
    }

    [Test]
    public async Task A_clock_that_was_set_back_before_the_first_key_leaves_it_signing()
    {
        await ring.EnsureLoadedAsync(default);
        store.Clock.Advance(-TimeSpan.FromDays(1));
        Assert.That(ring.Current().Number, Is.EqualTo(1));
    }

    [Test]
    public async Task The_key_before_is_published_and_kept_until_its_last_token_has_died_and_then_goes()
    {
        await ring.EnsureLoadedAsync(default);
        var old = ring.Current().Key.KeyId;
        await ring.RotateAsync(default);
        store.Clock.Advance(SigningKeyRing.PublishDelay + LastTokens - Moment);
        Assert.That((Published(), ring.Find(old)?.Number), Is.EqualTo((new[] { 1, 2 }, 1)));
        Assert.That(await ring.RemoveRetiredAsync(default), Is.Zero);

        store.Clock.Advance(Moment);
        Assert.That((Published(), ring.Find(old)), Is.EqualTo((new[] { 2 }, (SigningKey?)null)));
        Assert.That(await ring.RemoveRetiredAsync(default), Is.EqualTo(1));
        Assert.That(await RowsAsync(), Is.EqualTo(new[] { 2 }));
    }

    [Test]
    public async Task A_secret_key_is_needed_as_long_as_a_key_that_it_sealed_is_published()
    {
        await ring.EnsureLoadedAsync(default);
        using (var both = With(New, Old))
        {
            await both.RotateAsync(default);
        }

        store.Clock.Advance(SigningKeyRing.PublishDelay + LastTokens - Moment);
        using var forgetful = With(New);
        Assert.That(() => forgetful.RefreshAsync(default), Throws.TypeOf<OptionsValidationException>().With.Message.Contains("PreviousSecretKeys"));
        store.Clock.Advance(Moment);
        await forgetful.RefreshAsync(default);
        Assert.That(forgetful.Published().Select(key => key.Number), Is.EqualTo(new[] { 2 }), "and whoever was refused may look again");
    }

    private SigningKeyRing With(string secretKey, params string[] previous) =>
        new(store.Resolve<IServiceScopeFactory>(), new Sealer(new SecretKeys(secretKey, previous)), new SessionPolicy(), store.Clock);

    private int[] Published() => [.. ring.Published().Select(key => key.Number)];

    private async Task<List<int>> RowsAsync()
    {
        await using var context = store.Database.Open();
        return await context.SigningKeys.Select(row => row.Number).OrderBy(number => number).ToListAsync();
    }
}
