using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using PhoneAuth.Application.Abstractions;
using PhoneAuth.Domain.PhoneNumbers;
using PhoneAuth.Domain.VerificationCodes;
using PhoneAuth.Infrastructure.Sms;
using PhoneAuth.Infrastructure.Tests.Harness;
using PhoneAuth.Testing;

namespace PhoneAuth.Infrastructure.Tests.Sms.Sending;

/// <summary>Any number of instances that send texts from one database, by one clock.</summary>
internal sealed class SendingService : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);
    private readonly List<Instance> instances = [];

    private SendingService(TestDatabase database) => Database = database;

    public TestDatabase Database { get; }

    public FakeClock Clock { get; } = new();

    public LogRecorder Logs { get; } = new();

    public static async Task<SendingService> CreateAsync(DatabaseKind kind) => new(await TestDatabase.CreateAsync(kind));

    public async Task<Instance> StartAsync(params FakeGateway[] gateways)
    {
        var store = Store.On(Database, services =>
        {
            services.AddLogging(logging => logging.AddProvider(Logs).SetMinimumLevel(LogLevel.Debug));
            services.Replace(ServiceDescriptor.Singleton<TimeProvider>(Clock));
            services.Replace(ServiceDescriptor.Singleton(new SmsRoutes(
                new SmsOptions { Provider = string.Join(',', gateways.Select(gateway => gateway.Name)) }, gateways)));
        });
        var instance = new Instance(store, Clock);
        instances.Add(instance);
        await instance.Dispatcher.StartAsync(CancellationToken.None);
        return instance;
    }

    public async Task<VerificationCode> RowAsync(PhoneNumber number)
    {
        await using var context = Database.Open();
        return await context.VerificationCodes.AsNoTracking().SingleAsync(code => code.PhoneNumber == number);
    }

    public async Task<List<VerificationCode>> RowsAsync()
    {
        await using var context = Database.Open();
        return await context.VerificationCodes.AsNoTracking().ToListAsync();
    }

    /// <summary>Waits for what happens behind the answers.</summary>
    public async Task UntilAsync(Func<Task<bool>> come)
    {
        using var timer = new PeriodicTimer(Pause);
        for (var start = TimeProvider.System.GetTimestamp(); !await come(); await timer.WaitForNextTickAsync())
        {
            Assert.That(TimeProvider.System.GetElapsedTime(start), Is.LessThan(Patience), () => "It does not come. " + string.Join('\n', Logs.Lines));
        }
    }

    public async Task<VerificationCode> UntilAsync(PhoneNumber number, Delivery delivery)
    {
        VerificationCode row = null!;
        await UntilAsync(async () => (row = await RowAsync(number)).Delivery == delivery);
        return row;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var instance in instances)
        {
            if (instance.Dispatcher.ExecuteTask is { IsFaulted: true } broken)
            {
                await broken;
            }

            await instance.KillAsync();
            await instance.Store.StopAsync();
        }

        await Database.DisposeAsync();
    }
}

/// <summary>One instance.</summary>
internal sealed class Instance(Store store, FakeClock clock)
{
    private static readonly VerificationPolicy Policy = new() { ResendWait = TimeSpan.Zero };

    public Store Store => store;

    public CodeDispatcher Dispatcher { get; } = store.Resolve<CodeDispatcher>();

    public IReceiptBook Receipts => store.Resolve<IReceiptBook>();

    /// <summary>Records a code with its text, as a request does, and hands it over.</summary>
    public async Task<CodeMessage> SendAsync(PhoneNumber? number = null)
    {
        var (message, queued) = await RecordAsync(number);
        Dispatcher.Send(message, queued);
        return message;
    }

    /// <summary>Records a code with its text; the instance dies before it can hand it over.</summary>
    public async Task<(CodeMessage Message, QueuedText Queued)> RecordAsync(PhoneNumber? number = null)
    {
        number ??= Store.NewNumber();
        var now = clock.UtcNow();
        await using var work = store.Begin();
        var verification = await work.Codes.LockAsync(number, CancellationToken.None);
        if (verification is null)
        {
            work.Codes.Add(verification = VerificationCode.Begin(number));
        }

        var message = new CodeMessage(Guid.CreateVersion7(), number, "0427", "en", null, now + Policy.Lifetime);
        var queued = Dispatcher.Seal(message, now);
        verification.Issue(new byte[32], now, Policy);
        verification.Queue(queued);
        Assert.That(await work.SaveAsync(), Is.True);
        return (message, queued);
    }

    public Task TakeOverAsync() => Dispatcher.TakeOverAsync(CancellationToken.None);

    /// <summary>Ends it without letting anything end.</summary>
    public Task KillAsync() => Dispatcher.StopAsync(new CancellationToken(canceled: true));
}
