using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using PhoneAuth.Domain.Addresses;
using PhoneAuth.Domain.PhoneNumbers;
using PhoneAuth.Domain.Sessions;
using PhoneAuth.Domain.VerificationCodes;
using PhoneAuth.Infrastructure.Persistence;
using PhoneAuth.Testing;
using PhoneAuth.WebApi.Tests.Harness;

namespace PhoneAuth.WebApi.Tests.Http;

/// <summary>What has nothing left to say goes; what still counts stays.</summary>
[OnBothDatabases]
[Parallelizable(ParallelScope.Self)]
internal sealed class PurgeTests(DatabaseKind kind)
{
    private const int Many = 2500;
    private static readonly byte[] Hash = new byte[32];

    [Test]
    public async Task Thousands_of_rows_that_have_expired_go_and_those_that_count_stay()
    {
        await using var api = await Api.StartAsync(kind);
        var person = await api.SignInAsync();
        var (now, policy) = (api.Clock.Now, new VerificationPolicy());
        await using (var context = api.Database.Open())
        {
            var old = now.AddDays(-1).AddMicroseconds(-1);
            for (var i = 0; i < Many; i++)
            {
                var forgotten = VerificationCode.Begin(Number(i));
                forgotten.Issue(Hash, old, policy);
                context.Add(forgotten);
                context.Add(Session.Open(Guid.NewGuid(), person.UserId, Hash, new Device(null, null, null), now.AddDays(-31), new SessionPolicy()));
                context.Add(AddressUsage.Begin("10.0." + i, old));
            }

            var recent = VerificationCode.Begin(Number(Many));
            recent.Issue(Hash, now.AddDays(-1), policy);
            var failed = VerificationCode.Begin(Number(Many + 1));
            failed.Issue(Hash, now.AddDays(-300), policy);
            failed.Guess([[.. Enumerable.Repeat((byte)1, 32)]], now.AddDays(-300), policy);
            context.AddRange(recent, failed, AddressUsage.Begin("10.1.0.1", now.AddDays(-1)));
            await context.SaveChangesAsync();
        }

        var purge = api.Services.GetRequiredService<Purge>();
        var report = await purge.RunAsync(default);
        Assert.That(report, Is.EqualTo(new PurgeReport(Many, Many, Many, 0, 0)));
        await using var left = api.Database.Open();
        var numbers = left.VerificationCodes.AsEnumerable().Select(row => row.PhoneNumber.E164).ToList();
        Assert.That(numbers, Is.EquivalentTo(new[] { person.PhoneNumber, Number(Many).E164, Number(Many + 1).E164 }));
        Assert.That(await left.Sessions.Select(session => session.Id).ToListAsync(), Is.EqualTo(new[] { person.SessionId }));
        Assert.That(await left.AddressUsages.CountAsync(), Is.EqualTo(1));
        Assert.That(await purge.RunAsync(default), Is.EqualTo(new PurgeReport(0, 0, 0, 0, 0)));
    }

    [Test]
    public async Task Of_many_instances_one_at_a_time_purges()
    {
        await using var api = await Api.StartAsync(kind);
        await using var other = api.StartAnother();
        await using (var context = api.Database.Open())
        {
            context.Add(new Lease { Name = "purge", TakenUntil = api.Clock.Now.AddMinutes(10) });
            await context.SaveChangesAsync();
        }

        foreach (var instance in new[] { api, other })
        {
            Assert.That(await instance.Services.GetRequiredService<Purge>().RunAsync(default), Is.Null);
        }

        // Whoever took it has died at it: after its time somebody else may.
        api.Clock.Advance(TimeSpan.FromMinutes(10));
        var reports = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => (i % 2 == 0 ? api : other).Services.GetRequiredService<Purge>().RunAsync(default)));
        Assert.That(reports.Count(report => report is not null), Is.GreaterThanOrEqualTo(1));
        Assert.That(await other.Services.GetRequiredService<Purge>().RunAsync(default), Is.Not.Null, "The lease is given back.");
    }

    private static PhoneNumber Number(int index) =>
        PhoneNumber.Parse("+7901" + index.ToString("0000000", System.Globalization.CultureInfo.InvariantCulture), "7").Value!;
}
