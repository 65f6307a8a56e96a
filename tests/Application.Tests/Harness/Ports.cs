using System.Diagnostics.Metrics;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Moq;
using PhoneAuth.Application.Abstractions;
using PhoneAuth.Application.Profiles;
using PhoneAuth.Application.SignIn;
using PhoneAuth.Domain;
using PhoneAuth.Domain.Addresses;
using PhoneAuth.Domain.InviteCodes;
using PhoneAuth.Domain.PhoneNumbers;
using PhoneAuth.Domain.Sessions;
using PhoneAuth.Domain.Spending;
using PhoneAuth.Domain.Users;
using PhoneAuth.Domain.VerificationCodes;
using PhoneAuth.Testing;

namespace PhoneAuth.Application.Tests.Harness;

/// <summary>The ports of the use cases, each a mock; entities are real. What is added is kept, and found by the next attempt only if it was saved.</summary>
internal sealed class Ports
{
    public const string Text = "+79001234567";
    public static readonly PhoneNumber Number = PhoneNumber.FromStorage(Text);

    private Func<VerificationCode?> code = () => null;
    private AddressUsage? address;

    public Ports()
    {
        Hasher.Setup(hasher => hasher.Hash(It.IsAny<HashPurpose>(), It.IsAny<string>())).Returns<HashPurpose, string>(Hash);
        Hasher.Setup(hasher => hasher.Candidates(It.IsAny<HashPurpose>(), It.IsAny<string>()))
            .Returns<HashPurpose, string>((purpose, text) => [Hash(purpose, text)]);
        Caller.SetupGet(caller => caller.Network).Returns("203.0.113.7");
        Caller.SetupGet(caller => caller.Language).Returns("ru");
        Caller.Setup(caller => caller.Device(It.IsAny<string?>())).Returns<string?>(name => new Device(name, "agent", "203.0.113.7"));
        RefreshTokens.Setup(tokens => tokens.Issue(It.IsAny<Guid>())).Returns<Guid>(id => new RefreshToken("refresh-" + id, Hash(HashPurpose.RefreshToken, id.ToString())));
        AccessTokens.Setup(tokens => tokens.Issue(It.IsAny<User>(), It.IsAny<Guid>(), It.IsAny<DateTimeOffset>())).Returns(("access", 600));
        Codes.Setup(codes => codes.HoldForSend(Number, It.IsAny<string?>()))
            .Returns<PhoneNumber, string?>((_, network) => new Rows<NumberAtSend>(() => new NumberAtSend(code(), AddressOf(network))));
        Codes.Setup(codes => codes.HoldForSignIn(
                Number,
                It.Is<IReadOnlyCollection<byte[]>>(hashes => hashes.Single().SequenceEqual(Hash(HashPurpose.SpentActivation, Text))),
                It.IsAny<string?>()))
            .Returns<PhoneNumber, IReadOnlyCollection<byte[]>, string?>((_, _, network) => new Rows<NumberAtSignIn>(() => code() is { } found
                ? new NumberAtSignIn(found, UserAtSignIn, ActivationSpent, AddressOf(network))
                : new NumberAtSignIn(null, null, false, AddressOf(network))));
        Holds<NumberAtSend>();
        Holds<NumberAtSignIn>();
        Holds<SessionWithUser>();
        Profiles.Setup(profiles => profiles.Of(It.IsAny<User>())).Returns<User>(ProfileOf);
        Saves(true);
    }

    public FakeClock Clock { get; } = new();

    public Mock<IVerificationCodeRepository> Codes { get; } = new();

    public Mock<IAddressUsageRepository> Addresses { get; } = new();

    public Mock<IUserRepository> Users { get; } = new();

    public Mock<ISessionRepository> Sessions { get; } = new();

    public Mock<IProfileReader> Profiles { get; } = new();

    public Mock<IUnitOfWork> UnitOfWork { get; } = new();

    public Mock<IKeyedHasher> Hasher { get; } = new();

    public Mock<IRandomSource> Random { get; } = new();

    public Mock<ICodeSender> Sender { get; } = new();

    public Mock<ICaller> Caller { get; } = new();

    public Mock<ICurrentUser> CurrentUser { get; } = new();

    public Mock<IRefreshTokens> RefreshTokens { get; } = new();

    public Mock<IAccessTokens> AccessTokens { get; } = new();

    /// <summary>The number's user, and whether it has activated a code before.</summary>
    public User? UserAtSignIn { get; set; }

    public bool ActivationSpent { get; set; }

    public PhoneNumberPolicy Numbers { get; init; } = new();

    public VerificationPolicy Verification { get; init; } = new();

    public AddressPolicy Limits { get; init; } = new();

    public Telemetry Telemetry { get; } = new(new Meters());

    public SessionPolicy Tokens { get; } = new();

    public BrakePolicy Brake { get; init; } = new() { Brake = BrakeMode.Off };

    public Mock<IBudgets> Budgets { get; } = new();

    public Mock<ICountryTraffic> Traffic { get; } = new();

    public SendPermits Permits => new(Budgets.Object, Traffic.Object, Brake, Telemetry, Clock, NullLogger<SendPermits>.Instance);

    public AddressLimits AddressLimits => new(Addresses.Object, Caller.Object, Limits, Brake);

    public SessionOpener SessionOpener => new(Sessions.Object, RefreshTokens.Object, AccessTokens.Object, Caller.Object, Tokens);

    public static byte[] Hash(HashPurpose purpose, string text) => SHA256.HashData(Encoding.UTF8.GetBytes(purpose + text));

    public static byte[] CodeHash(string code) => Hash(HashPurpose.VerificationCode, Text + code);

    public static User NewUser(string number = Text, string inviteCode = "AAAAAA") =>
        User.Register(PhoneNumber.FromStorage(number), InviteCode.FromStorage(inviteCode), activationSpent: false, new DateTimeOffset(2026, 11, 1, 0, 0, 0, TimeSpan.Zero));

    public static ProfileResponse ProfileOf(User user) => new()
    {
        PhoneNumber = user.PhoneNumber.E164,
        CreatedAt = user.CreatedAt,
        InviteCode = user.InviteCode.Value,
        ActivatedInviteCode = user.ActivatedInviteCode?.Value,
        CanActivateInviteCode = user.CanActivateInviteCode,
        InvitedUsersCount = user.InvitedUsersCount,
        InvitedUsers = [],
    };

    /// <summary>What saving comes to, time after time: false is a lost race.</summary>
    public void Saves(params bool[] outcomes)
    {
        var sequence = UnitOfWork.SetupSequence(unit => unit.SaveAsync(It.IsAny<CancellationToken>()));
        foreach (var outcome in outcomes)
        {
            sequence = sequence.ReturnsAsync(outcome);
        }

        sequence.ThrowsAsync(new InvalidOperationException("Saved once more than the test expects."));
    }

    /// <summary>Saving that hangs until the test lets it go; what stands at that moment is what is kept.</summary>
    public TaskCompletionSource<bool> SavesSlowly(Action atSave)
    {
        var saved = new TaskCompletionSource<bool>();
        UnitOfWork.Setup(unit => unit.SaveAsync(It.IsAny<CancellationToken>())).Callback(atSave).Returns(saved.Task);
        return saved;
    }

    public void Saved(int times) => UnitOfWork.Verify(unit => unit.SaveAsync(It.IsAny<CancellationToken>()), Times.Exactly(times));

    /// <summary>A row with a live code, read anew at each attempt, as the database gives it after a lost race.</summary>
    public Func<VerificationCode> LiveCode(string code)
    {
        VerificationCode? last = null;
        VerificationCode Read()
        {
            last = VerificationCode.Begin(Number);
            last.Issue(CodeHash(code), Clock.Now, Verification);
            return last;
        }

        Codes.Setup(codes => codes.LockAsync(Number, It.IsAny<CancellationToken>())).ReturnsAsync(Read);
        Finds(Read);
        return () => last!;
    }

    /// <summary>The number's row, read anew at each attempt.</summary>
    public void Finds(Func<VerificationCode?> read) => code = read;

    public AddressUsage Address() => address = AddressUsage.Begin("203.0.113.7", Clock.Now);

    /// <summary>Signs the caller in as a user.</summary>
    public User SignedIn(User? user = null)
    {
        user ??= NewUser();
        CurrentUser.SetupGet(current => current.UserId).Returns(user.Id);
        CurrentUser.SetupGet(current => current.PhoneNumber).Returns(user.PhoneNumber);
        Profiles.Setup(profiles => profiles.FindAsync(user.Id, It.IsAny<CancellationToken>())).ReturnsAsync(() => ProfileOf(user));
        return user;
    }

    /// <summary>What the unit of work does about a decision: it is made again, about rows read anew, as long as saving it loses a race.</summary>
    private void Holds<TFound>()
        where TFound : class => UnitOfWork
        .Setup(unit => unit.SaveAsync(It.IsAny<Holding<TFound>>(), It.IsAny<Action<TFound>>(), It.IsAny<CancellationToken>()))
        .Returns(async (Holding<TFound> holding, Action<TFound> decide, CancellationToken cancellationToken) =>
        {
            do
            {
                if (((Rows<TFound>)holding).Find() is not { } found)
                {
                    return false;
                }

                decide(found);
            }
            while (!await UnitOfWork.Object.SaveAsync(cancellationToken));
            return true;
        });

    private AddressUsage? AddressOf(string? network) => network == address?.Address ? address : null;

    /// <summary>Rows that are read anew each time they are held; null where they are not there.</summary>
    internal sealed class Rows<TFound>(Func<TFound?> find) : Holding<TFound>
        where TFound : class
    {
        public Func<TFound?> Find => find;
    }

    private sealed class Meters : IMeterFactory
    {
        public Meter Create(MeterOptions options) => new(options);

        public void Dispose()
        {
        }
    }
}
