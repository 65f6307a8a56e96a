using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using PhoneAuth.Domain.Addresses;
using PhoneAuth.Domain.InviteCodes;
using PhoneAuth.Domain.Limits;
using PhoneAuth.Domain.PhoneNumbers;
using PhoneAuth.Domain.Sessions;
using PhoneAuth.Domain.Spending;
using PhoneAuth.Domain.Users;
using PhoneAuth.Domain.VerificationCodes;

namespace PhoneAuth.Infrastructure.Persistence;

/// <summary>The database. Its two kinds differ in what is written here and in their migrations, in nothing else.</summary>
internal abstract class PhoneAuthContext(DbContextOptions options) : DbContext(options)
{
    public DbSet<User> Users => Set<User>();

    public DbSet<SpentActivation> SpentActivations => Set<SpentActivation>();

    public DbSet<VerificationCode> VerificationCodes => Set<VerificationCode>();

    public DbSet<Session> Sessions => Set<Session>();

    public DbSet<AddressUsage> AddressUsages => Set<AddressUsage>();

    public DbSet<Budget> Budgets => Set<Budget>();

    public DbSet<CountryTrafficRow> CountryTraffic => Set<CountryTrafficRow>();

    public DbSet<SigningKeyRow> SigningKeys => Set<SigningKeyRow>();

    public DbSet<SmsReceiptRow> SmsReceipts => Set<SmsReceiptRow>();

    public DbSet<Lease> Leases => Set<Lease>();

    /// <summary>What ends a SELECT whose rows are held until the transaction ends.</summary>
    public abstract string ForUpdate { get; }

    /// <summary>How many rows the save that is under way changes in a transaction that ends with it; 0 where none does.</summary>
    public int ChangesBeforeCommit { get; set; }

    /// <summary>Whether the save has ended its transaction.</summary>
    public bool HasCommitted { get; set; }

    /// <summary>What ends a SELECT whose rows are held until the transaction ends, and which leaves out those that somebody else holds.</summary>
    public abstract string ForUpdateOfFree { get; }

    /// <summary>The keys of the rows that the last query held before it began; null where whoever writes is alone.</summary>
    public HashSet<string>? HeldKeys { get; set; }

    /// <summary>Whether an exception says that another unit of work was first: a duplicate, a deadlock, a row that has gone.</summary>
    public abstract bool IsLostRace(Exception exception);

    /// <summary>Whether an exception is the database's own answer, after which nothing of the transaction is kept; not that it could not be asked.</summary>
    public abstract bool IsRefused(Exception exception);

    /// <summary>Begins a transaction that sees the database as it is now, whatever others write meanwhile, and keeps nobody from writing.</summary>
    public abstract Task BeginSnapshotAsync(CancellationToken cancellationToken);

    /// <summary>Leaves it to the caller, until the connection is closed, to bring to the disk what is committed.</summary>
    /// <returns>The path of the log that is to be flushed; null where a commit comes back when it is on the disk.</returns>
    public virtual Task<string?> LeaveFlushAsync(CancellationToken cancellationToken) => Task.FromResult<string?>(null);

    /// <summary>Whether the database has ever been migrated.</summary>
    public abstract Task<bool> HasSchemaAsync(CancellationToken cancellationToken);

    /// <summary>A time as this database keeps it, for statements written by hand.</summary>
    public abstract object ToStored(DateTimeOffset time);

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        configurationBuilder.Properties<PhoneNumber>().HaveConversion<PhoneNumberConverter>().HaveMaxLength(PhoneNumber.MaxLength);
        configurationBuilder.Properties<InviteCode>().HaveConversion<InviteCodeConverter>().HaveMaxLength(InviteCode.Length);
        configurationBuilder.Properties<RecentTimes>().HaveConversion<RecentTimesConverter>();
        configurationBuilder.Properties<RecentCounts>().HaveConversion<RecentCountsConverter>();
    }

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.ApplyConfigurationsFromAssembly(typeof(PhoneAuthContext).Assembly);
        foreach (var property in modelBuilder.Model.GetEntityTypes().SelectMany(entity => entity.GetProperties()))
        {
            property.SetColumnName(SnakeCase(property.Name));
        }
    }

    private static string SnakeCase(string name)
    {
        var snake = new StringBuilder(name.Length + 4);
        foreach (var character in name)
        {
            if (char.IsUpper(character) && snake.Length > 0)
            {
                snake.Append('_');
            }

            snake.Append(char.ToLowerInvariant(character));
        }

        return snake.ToString();
    }

    private sealed class PhoneNumberConverter() : ValueConverter<PhoneNumber, string>(number => number.E164, text => PhoneNumber.FromStorage(text));

    private sealed class InviteCodeConverter() : ValueConverter<InviteCode, string>(code => code.Value, text => InviteCode.FromStorage(text));

    private sealed class RecentTimesConverter() : ValueConverter<RecentTimes, byte[]>(times => times.ToBytes(), bytes => RecentTimes.FromBytes(bytes));

    private sealed class RecentCountsConverter() : ValueConverter<RecentCounts, byte[]>(counts => counts.ToBytes(), bytes => RecentCounts.FromBytes(bytes));
}
