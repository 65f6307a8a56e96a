using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using PhoneAuth.Application.Abstractions;
using PhoneAuth.Domain.Sessions;
using PhoneAuth.Infrastructure.Persistence;

namespace PhoneAuth.Infrastructure.Security;

/// <summary>
/// The keys that sign access tokens. They live in the database, sealed; every instance keeps them in memory and looks again each
/// <see cref="RefreshInterval"/>. A new key is published for <see cref="PublishDelay"/> before it signs, and published on after it was
/// followed by another until the last token it signed has died.
/// </summary>
public sealed class SigningKeyRing : IDisposable
{
    /// <summary>How often an instance looks for new keys.</summary>
    public static readonly TimeSpan RefreshInterval = TimeSpan.FromMinutes(1);

    /// <summary>How long the key set may be kept by those who fetch it.</summary>
    public static readonly TimeSpan PublishedMaxAge = TimeSpan.FromMinutes(5);

    /// <summary>How long a new key is published before it signs: every instance has it and every cache has let go of the older set.</summary>
    public static readonly TimeSpan PublishDelay = TimeSpan.FromMinutes(10);

    private const string Purpose = "signing-key";
    private const string DoesNotOpen = "SecretKey: it does not open the signing keys in the database; name the key that it followed in PreviousSecretKeys.";
    private static readonly TimeSpan Leeway = TimeSpan.FromMinutes(1);

    private readonly IServiceScopeFactory scopes;
    private readonly Sealer sealer;
    private readonly SessionPolicy policy;
    private readonly TimeProvider clock;
    private readonly SemaphoreSlim loading = new(1, 1);
    private volatile SigningKey[] keys = [];

    internal SigningKeyRing(IServiceScopeFactory scopes, Sealer sealer, SessionPolicy policy, TimeProvider clock) =>
        (this.scopes, this.sealer, this.policy, this.clock) = (scopes, sealer, policy, clock);

    /// <summary>Makes sure that there is a key: the first of any number of instances makes it.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async ValueTask EnsureLoadedAsync(CancellationToken cancellationToken)
    {
        if (keys.Length == 0)
        {
            await RefreshAsync(cancellationToken);
        }
    }

    /// <summary>Reads the keys again.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        await loading.WaitAsync(cancellationToken);
        try
        {
            var found = await ReadAsync(cancellationToken);
            if (found.Length == 0)
            {
                await AddAsync(1, clock.UtcNow(), cancellationToken);
                found = await ReadAsync(cancellationToken);
            }

            keys = found;
        }
        finally
        {
            loading.Release();
        }
    }

    /// <summary>Adds a key that signs once every instance has had time to publish it.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The new key.</returns>
    public async Task<SigningKey> RotateAsync(CancellationToken cancellationToken)
    {
        await RefreshAsync(cancellationToken);
        await AddAsync(keys[^1].Number + 1, clock.UtcNow() + PublishDelay, cancellationToken);
        await RefreshAsync(cancellationToken);
        return keys[^1];
    }

    /// <summary>The key that signs now.</summary>
    /// <exception cref="TimeoutException">The database has not given any yet: nothing can be signed, for a while.</exception>
    public SigningKey Current()
    {
        var now = clock.UtcNow();
        return keys.LastOrDefault(key => key.SignsFrom <= now) ?? keys.FirstOrDefault() ?? throw new TimeoutException("The signing keys have not been read yet.");
    }

    /// <summary>The keys whose tokens may still live or are about to, oldest first.</summary>
    public IReadOnlyList<SigningKey> Published()
    {
        var all = keys;
        return [.. all.Where((_, i) => i == all.Length - 1 || all[i + 1].SignsFrom > LastTokensDied())];
    }

    /// <summary>A published key by its id, or null.</summary>
    /// <param name="keyId">The id that a token names.</param>
    public SigningKey? Find(string? keyId) => Published().FirstOrDefault(key => string.Equals(key.Key.KeyId, keyId, StringComparison.Ordinal));

    /// <summary>Removes the keys that are published no longer.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>How many.</returns>
    public async Task<int> RemoveRetiredAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var context = scope.ServiceProvider.GetRequiredService<PhoneAuthContext>();
        var died = LastTokensDied();
        var oldest = await context.SigningKeys.Where(row => row.SignsFrom <= died).MaxAsync(row => (int?)row.Number, cancellationToken);
        using var turn = await scope.ServiceProvider.GetRequiredService<WriteQueue>().EnterAsync(cancellationToken);
        return await context.SigningKeys.Where(row => row.Number < oldest).ExecuteDeleteAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose() => loading.Dispose();

    /// <summary>A key whose successor signs since then or longer has no token left that lives.</summary>
    private DateTimeOffset LastTokensDied() => clock.UtcNow() - policy.AccessTokenLifetime - Leeway;

    private async Task<SigningKey[]> ReadAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var context = scope.ServiceProvider.GetRequiredService<PhoneAuthContext>();
        var rows = await context.SigningKeys.AsNoTracking().OrderBy(row => row.Number).ToListAsync(cancellationToken);

        // One that is published no longer may be sealed with a secret key that nobody has any more: it is left alone.
        return [.. rows.Where((_, i) => i == rows.Count - 1 || rows[i + 1].SignsFrom > LastTokensDied()).Select(Open)];
    }

    private SigningKey Open(SigningKeyRow row)
    {
        if (Array.Find(keys, key => string.Equals(key.Key.KeyId, row.KeyId, StringComparison.Ordinal)) is { } known)
        {
            return known;
        }

        var pkcs8 = sealer.Open(Purpose, row.SealedKey)
            ?? throw new OptionsValidationException(nameof(SecretKeyOptions.SecretKey), typeof(SecretKeyOptions), [DoesNotOpen]);
        return SigningKey.FromPkcs8(row.Number, pkcs8, row.CreatedAt, row.SignsFrom);
    }

    private async Task AddAsync(int number, DateTimeOffset signsFrom, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var context = scope.ServiceProvider.GetRequiredService<PhoneAuthContext>();
        using var ecdsa = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        context.SigningKeys.Add(new SigningKeyRow
        {
            Number = number,
            KeyId = SigningKey.KeyIdOf(ecdsa),
            SealedKey = sealer.Seal(Purpose, ecdsa.ExportPkcs8PrivateKey()),
            CreatedAt = clock.UtcNow(),
            SignsFrom = signsFrom,
        });

        // Another instance may have made the key of this number: a lost race, and its key is as good.
        await scope.ServiceProvider.GetRequiredService<IUnitOfWork>().SaveAsync(cancellationToken);
    }
}
