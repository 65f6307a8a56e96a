using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using PhoneAuth.Domain.Addresses;
using PhoneAuth.Domain.InviteCodes;
using PhoneAuth.Domain.Limits;
using PhoneAuth.Domain.PhoneNumbers;
using PhoneAuth.Domain.Sessions;
using PhoneAuth.Domain.VerificationCodes;
using PhoneAuth.Infrastructure.Persistence;
using PhoneAuth.Infrastructure.Tests.Harness;
using PhoneAuth.Testing;

namespace PhoneAuth.Infrastructure.Tests.Persistence;

/// <summary>Rows that are written by statements of their own are read by EF: each value has to come back from each column.</summary>
[OnBothDatabases]
internal sealed class RowStatementTests(DatabaseKind kind) : StoreTest(kind)
{
    private int samples;

    [Test]
    public Task A_number() => HoldsForAsync(VerificationCode.Begin(Store.NewNumber()));

    [Test]
    public Task An_address() => HoldsForAsync(AddressUsage.Begin("203.0.113.9", Store.Clock.Now));

    [Test]
    public Task A_user() => HoldsForAsync(Store.NewUser());

    [Test]
    public async Task A_session()
    {
        var user = Store.NewUser();
        await Store.KeepAsync(user);
        await HoldsForAsync(Store.NewSession(user));
    }

    [Test]
    public async Task A_column_that_has_not_changed_is_left_as_it_is()
    {
        var user = Store.NewUser();
        var session = Store.NewSession(user);
        await Store.KeepAsync(user, session);
        await using (var context = Store.Database.Open())
        {
            await context.Set<Session>().Where(each => each.Id == session.Id).ExecuteUpdateAsync(row => row.SetProperty(each => each.DeviceName, "elsewhere"));
        }

        var used = Store.Clock.Now.AddMinutes(7);
        await using (var work = Store.Begin())
        {
            await work.Get<UnitOfWork>().BeginAsync(default);
            work.Get<UnitOfWork>().Held(session);
            await using var context = Store.Database.Open();
            context.Attach(session).Property(each => each.LastUsedAt).CurrentValue = used;
            Assert.That(await work.SaveAsync(), Is.True);
        }

        await using var after = Store.Database.Open();
        var read = await after.FindAsync<Session>(session.Id);
        Assert.That((read!.LastUsedAt, read.DeviceName), Is.EqualTo((used, "elsewhere")));
    }

    [TestCase(64, true)]
    [TestCase(65, false)]
    public void A_table_of_more_columns_than_can_be_told_apart_is_refused_before_any_row_of_it_is_written(int columns, bool isServed)
    {
        using var context = new WideContext(columns);
        var type = context.Model.GetEntityTypes().Single();
        Assert.That(() => RowStatement.Update(type), isServed ? Throws.Nothing : Throws.TypeOf<NotSupportedException>());
    }

    private async Task HoldsForAsync(object row)
    {
        await using var context = Store.Database.Open();
        var type = context.Model.FindEntityType(row.GetType())!;
        await using (var work = Store.Begin())
        {
            Change(row);
            work.Get<UnitOfWork>().Insert(row);
            Assert.That(await work.SaveAsync(), Is.True);
        }

        await ExpectAsync(type, row, "inserted");
        await using (var work = Store.Begin())
        {
            await work.Get<UnitOfWork>().BeginAsync(default);
            work.Get<UnitOfWork>().Held(row);
            Change(row);
            Assert.That(await work.SaveAsync(), Is.True);
        }

        await ExpectAsync(type, row, "updated");
        await using (var work = Store.Begin())
        {
            await work.Get<UnitOfWork>().BeginAsync(default);
            work.Get<UnitOfWork>().Held(row);
            Change(row, toNull: true);
            Assert.That(await work.SaveAsync(), Is.True);
        }

        await ExpectAsync(type, row, "emptied");
        await using (var work = Store.Begin())
        {
            await work.Get<UnitOfWork>().BeginAsync(default);
            work.Get<UnitOfWork>().Held(row);
            work.Get<UnitOfWork>().Delete(row);
            Assert.That(await work.SaveAsync(), Is.True);
        }

        Assert.That(await context.FindAsync(type.ClrType, KeyOf(type, row)), Is.Null, "deleted");
    }

    /// <summary>Gives each column that may change another value than it has.</summary>
    private void Change(object row, bool toNull = false)
    {
        using var context = Store.Database.Open();
        var entry = context.Attach(row);
        foreach (var property in entry.Metadata.GetProperties().Where(property => !property.IsKey() && !property.IsForeignKey()))
        {
            entry.Property(property).CurrentValue = toNull && property.IsNullable ? null : Sample(property, entry.Property(property).CurrentValue);
        }
    }

    private async Task ExpectAsync(IEntityType type, object row, string how)
    {
        await using var context = Store.Database.Open();
        var read = await context.FindAsync(type.ClrType, KeyOf(type, row));
        Assert.That(read, Is.Not.Null.And.Not.SameAs(row));
        foreach (var property in type.GetProperties())
        {
            var (written, found) = (property.GetGetter().GetClrValue(row), property.GetGetter().GetClrValue(read!));
            Assert.That(Stored(found), Is.EqualTo(Stored(written)), $"{property.Name} {how}");
        }
    }

    private static object?[] KeyOf(IEntityType type, object row) => [.. type.FindPrimaryKey()!.Properties.Select(property => property.GetGetter().GetClrValue(row))];

    private static object? Stored(object? value) => value switch
    {
        RecentTimes times => times.ToBytes(),
        RecentCounts counts => counts.ToBytes(),
        _ => value,
    };

    private object Sample(IProperty property, object? current)
    {
        var type = Nullable.GetUnderlyingType(property.ClrType) ?? property.ClrType;
        samples++;
        var time = Store.Clock.Now.AddMinutes(samples);
        return 0 switch
        {
            _ when type == typeof(string) => $"text {samples}",
            _ when type == typeof(int) => samples,
            _ when type == typeof(bool) => current is false,
            _ when type == typeof(Guid) => Guid.NewGuid(),
            _ when type == typeof(DateTimeOffset) => time,
            _ when type == typeof(byte[]) => Enumerable.Repeat((byte)samples, 32).ToArray(),
            _ when type == typeof(Delivery) => current is Delivery.Delivered ? Delivery.Failed : Delivery.Delivered,
            _ when type == typeof(PhoneNumber) => Store.NewNumber(),
            _ when type == typeof(InviteCode) => Store.NewUser().InviteCode,
            _ when type == typeof(RecentTimes) => RecentTimes.None.Add(time, TimeSpan.FromDays(1), samples),
            _ when type == typeof(RecentCounts) => RecentCounts.None.Add(samples, time, TimeSpan.FromDays(1)),
            _ => throw new NotSupportedException($"{property.Name}: there is no sample of {type.Name}."),
        };
    }

    private sealed class WideContext(int columns) : DbContext
    {
        protected override void OnConfiguring(DbContextOptionsBuilder optionsBuilder) =>
            optionsBuilder.UseSqlite().ReplaceService<IModelCacheKeyFactory, NoModelCache>();

        protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder.Entity("wide", wide =>
        {
            wide.ToTable("wide").Property<int>("Id");
            foreach (var column in Enumerable.Range(1, columns - 1))
            {
                wide.Property<int>($"Column{column}");
            }
        });
    }

    private sealed class NoModelCache : IModelCacheKeyFactory
    {
        public object Create(DbContext context, bool designTime) => new();
    }
}
