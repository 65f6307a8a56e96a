using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Moq;
using PhoneAuth.Application;
using PhoneAuth.Application.Abstractions;
using PhoneAuth.Domain;
using PhoneAuth.Domain.InviteCodes;
using PhoneAuth.Domain.PhoneNumbers;
using PhoneAuth.Domain.Sessions;
using PhoneAuth.Domain.Users;
using PhoneAuth.Domain.VerificationCodes;
using PhoneAuth.Infrastructure.Persistence;
using PhoneAuth.Infrastructure.Security;
using PhoneAuth.Testing;

namespace PhoneAuth.Infrastructure.Tests.Harness;

/// <summary>The infrastructure as the service registers it, on a database, with a clock that stands and nobody listening.</summary>
internal sealed class Store : IAsyncDisposable
{
    private static readonly RandomSource Random = new();
    private static int numbers;

    private readonly ServiceProvider provider;

    private Store(TestDatabase database, ServiceProvider provider, FakeClock clock) => (Database, this.provider, Clock) = (database, provider, clock);

    public TestDatabase Database { get; }

    public FakeClock Clock { get; }

    public DatabaseMigrator Migrator => provider.GetRequiredService<DatabaseMigrator>();

    public static async Task<Store> CreateAsync(DatabaseKind kind, Action<IServiceCollection>? change = null) => On(await TestDatabase.CreateAsync(kind), change);

    /// <summary>One of any number of instances on a database.</summary>
    public static Store On(TestDatabase database, Action<IServiceCollection>? change = null)
    {
        var settings = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["ConnectionStrings:Database"] = database.ConnectionString,
            ["SecretKey"] = "a secret key that only tests know: 7Qm2x9",
        };
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
        var environment = Mock.Of<IHostEnvironment>(host => host.EnvironmentName == "Testing" && host.ContentRootPath == Path.GetTempPath());
        var clock = new FakeClock();
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton(environment);
        services.AddApplication();
        services.AddInfrastructure(configuration, environment);
        services.Replace(ServiceDescriptor.Singleton<TimeProvider>(clock));
        change?.Invoke(services);
        return new Store(database, services.BuildServiceProvider(), clock);
    }

    public T Resolve<T>()
        where T : notnull => provider.GetRequiredService<T>();

    public Work Begin() => new(provider.CreateAsyncScope());

    public async ValueTask DisposeAsync()
    {
        await provider.DisposeAsync();
        await Database.DisposeAsync();
    }

    /// <summary>Lets go of an instance whose database others are still using.</summary>
    public ValueTask StopAsync() => provider.DisposeAsync();

    public static PhoneNumber NewNumber() =>
        PhoneNumber.FromStorage("+7901" + Interlocked.Increment(ref numbers).ToString("0000000", System.Globalization.CultureInfo.InvariantCulture));

    public User NewUser(InviteCode? inviteCode = null) => User.Register(NewNumber(), inviteCode ?? Random.InviteCode(), activationSpent: false, Clock.UtcNow());

    public Session NewSession(User user) =>
        Session.Open(Guid.CreateVersion7(), user.Id, new byte[32], new Device("Pixel 9", "agent", "203.0.113.7"), Clock.UtcNow(), new SessionPolicy());

    /// <summary>Writes rows that a test begins with.</summary>
    public async Task KeepAsync(params object[] rows)
    {
        await using var context = Database.Open();
        context.AddRange(rows);
        await context.SaveChangesAsync();
    }

    /// <summary>A number's row with a live code.</summary>
    public async Task<VerificationCode> KeepCodeAsync(byte[] hash)
    {
        var code = VerificationCode.Begin(NewNumber());
        code.Issue(hash, Clock.UtcNow(), new VerificationPolicy());
        await KeepAsync(code);
        return code;
    }
}

/// <summary>What one request has: a scope, its repositories and its unit of work.</summary>
internal sealed class Work(AsyncServiceScope scope) : IAsyncDisposable
{
    public IVerificationCodeRepository Codes => Get<IVerificationCodeRepository>();

    public IUserRepository Users => Get<IUserRepository>();

    public ISessionRepository Sessions => Get<ISessionRepository>();

    public PhoneAuthContext Context => Get<PhoneAuthContext>();

    public T Get<T>()
        where T : notnull => scope.ServiceProvider.GetRequiredService<T>();

    public Task<bool> SaveAsync() => Get<IUnitOfWork>().SaveAsync(CancellationToken.None);

    /// <summary>Holds, decides and saves, as a handler does.</summary>
    public Task<bool> SaveAsync<TFound>(Holding<TFound> holding, Action<TFound> decide, CancellationToken cancellationToken = default) =>
        Get<IUnitOfWork>().SaveAsync(holding, decide, cancellationToken);

    public ValueTask DisposeAsync() => scope.DisposeAsync();
}

/// <summary>A fixture with a store of its own.</summary>
[Parallelizable(ParallelScope.Self)]
internal abstract class StoreTest(DatabaseKind kind)
{
    protected DatabaseKind Kind => kind;

    protected Store Store { get; private set; } = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => Store = await Store.CreateAsync(kind, Change);

    [OneTimeTearDown]
    public async Task StopAsync() => await Store.DisposeAsync();

    /// <summary>What is different in this store.</summary>
    protected virtual void Change(IServiceCollection services)
    {
    }
}
