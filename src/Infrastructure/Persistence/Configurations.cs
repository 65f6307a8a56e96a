using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using PhoneAuth.Domain.Addresses;
using PhoneAuth.Domain.Sessions;
using PhoneAuth.Domain.Spending;
using PhoneAuth.Domain.Users;
using PhoneAuth.Domain.VerificationCodes;

namespace PhoneAuth.Infrastructure.Persistence;

internal static class Sizes
{
    public const int Sha256 = 32;
}

internal sealed class UserConfiguration : IEntityTypeConfiguration<User>
{
    public void Configure(EntityTypeBuilder<User> builder)
    {
        builder.ToTable("users");
        builder.HasKey(user => user.Id);
        builder.Property(user => user.Id).ValueGeneratedNever();
        builder.Property(user => user.PhoneNumber);
        builder.Property(user => user.CreatedAt);
        builder.Property(user => user.InviteCode);
        builder.Property(user => user.ActivatedInviteCode);
        builder.Property(user => user.InviteMisses);
        builder.Ignore(user => user.CanActivateInviteCode);
        builder.HasIndex(user => user.PhoneNumber).IsUnique();
        builder.HasIndex(user => user.InviteCode).IsUnique();

        // No foreign key: an inviter who leaves must not touch a million rows, and an id is never given twice.
        builder.HasIndex(user => new { user.InviterId, user.ActivatedAt, user.Id }).IsDescending(false, true, true).HasFilter("inviter_id IS NOT NULL");
    }
}

internal sealed class SpentActivationConfiguration : IEntityTypeConfiguration<SpentActivation>
{
    public void Configure(EntityTypeBuilder<SpentActivation> builder)
    {
        builder.ToTable("spent_activations");
        builder.HasKey(spent => spent.PhoneHash);
        builder.Property(spent => spent.PhoneHash).HasMaxLength(Sizes.Sha256).ValueGeneratedNever();
    }
}

internal sealed class VerificationCodeConfiguration : IEntityTypeConfiguration<VerificationCode>
{
    public void Configure(EntityTypeBuilder<VerificationCode> builder)
    {
        builder.ToTable("verification_codes");
        builder.HasKey(code => code.PhoneNumber);
        builder.Property(code => code.PhoneNumber).ValueGeneratedNever();
        builder.Property(code => code.CodeHash).HasMaxLength(Sizes.Sha256);
        builder.Property(code => code.Sends);
        builder.Property(code => code.Failures);
        builder.Property(code => code.Gateway).HasMaxLength(VerificationCode.MaxGatewayLength);

        // Only what waits is in it, and there is little of that at any time.
        builder.HasIndex(code => code.SendAfter).HasFilter("send_after IS NOT NULL");
    }
}

internal sealed class SmsReceiptConfiguration : IEntityTypeConfiguration<SmsReceiptRow>
{
    public void Configure(EntityTypeBuilder<SmsReceiptRow> builder)
    {
        builder.ToTable("sms_receipts");
        builder.HasKey(receipt => receipt.Id);
        builder.Property(receipt => receipt.Id).HasMaxLength(SmsReceiptRow.MaxIdLength).ValueGeneratedNever();
    }
}

internal sealed class SessionConfiguration : IEntityTypeConfiguration<Session>
{
    public void Configure(EntityTypeBuilder<Session> builder)
    {
        builder.ToTable("sessions");
        builder.HasKey(session => session.Id);
        builder.Property(session => session.Id).ValueGeneratedNever();
        builder.Property(session => session.UserId);
        builder.Property(session => session.CreatedAt);
        builder.Property(session => session.DeviceName).HasMaxLength(Session.MaxDeviceNameLength);
        builder.Property(session => session.UserAgent).HasMaxLength(Session.MaxUserAgentLength);
        builder.Property(session => session.IpAddress).HasMaxLength(Session.MaxAddressLength);
        builder.Property(session => session.TokenHash).HasMaxLength(Sizes.Sha256);
        builder.Property(session => session.PreviousTokenHash).HasMaxLength(Sizes.Sha256);
        builder.HasOne<User>().WithMany().HasForeignKey(session => session.UserId).OnDelete(DeleteBehavior.Cascade);
    }
}

internal sealed class AddressUsageConfiguration : IEntityTypeConfiguration<AddressUsage>
{
    public void Configure(EntityTypeBuilder<AddressUsage> builder)
    {
        builder.ToTable("address_usages");
        builder.HasKey(usage => usage.Address);
        builder.Property(usage => usage.Address).HasMaxLength(Session.MaxAddressLength).ValueGeneratedNever();
        builder.Property(usage => usage.Sends);
        builder.Property(usage => usage.FailedCodes);
        builder.Property(usage => usage.VerifiedCodes);
    }
}

internal sealed class BudgetConfiguration : IEntityTypeConfiguration<Budget>
{
    public void Configure(EntityTypeBuilder<Budget> builder)
    {
        builder.ToTable("budgets");
        builder.HasKey(budget => budget.Scope);
        builder.Property(budget => budget.Scope).HasMaxLength(Budget.MaxScopeLength).ValueGeneratedNever();
        builder.Property(budget => budget.Sends);
    }
}

internal sealed class CountryTrafficConfiguration : IEntityTypeConfiguration<CountryTrafficRow>
{
    public void Configure(EntityTypeBuilder<CountryTrafficRow> builder)
    {
        builder.ToTable("country_traffic");
        builder.HasKey(row => new { row.CountryCode, row.StartedAt });
        builder.Property(row => row.CountryCode).HasMaxLength(CountryTrafficRow.MaxCountryCodeLength);
    }
}

internal sealed class SigningKeyConfiguration : IEntityTypeConfiguration<SigningKeyRow>
{
    public void Configure(EntityTypeBuilder<SigningKeyRow> builder)
    {
        builder.ToTable("signing_keys");
        builder.HasKey(key => key.Number);
        builder.Property(key => key.Number).ValueGeneratedNever();
        builder.Property(key => key.KeyId).HasMaxLength(SigningKeyRow.MaxKeyIdLength);
    }
}

internal sealed class LeaseConfiguration : IEntityTypeConfiguration<Lease>
{
    public void Configure(EntityTypeBuilder<Lease> builder)
    {
        builder.ToTable("leases");
        builder.HasKey(lease => lease.Name);
        builder.Property(lease => lease.Name).HasMaxLength(Lease.MaxNameLength).ValueGeneratedNever();
    }
}
