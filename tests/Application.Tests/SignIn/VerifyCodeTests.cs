using Moq;
using PhoneAuth.Application.SignIn;
using PhoneAuth.Application.Tests.Harness;
using PhoneAuth.Domain;
using PhoneAuth.Domain.Addresses;
using PhoneAuth.Domain.InviteCodes;
using PhoneAuth.Domain.Sessions;
using PhoneAuth.Domain.Spending;
using PhoneAuth.Domain.Users;
using PhoneAuth.Domain.VerificationCodes;

namespace PhoneAuth.Application.Tests.SignIn;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public class VerifyCodeTests
{
    private readonly Ports ports = new();
    private readonly List<User> users = [];
    private readonly List<Session> sessions = [];

    public VerifyCodeTests()
    {
        ports.Users.Setup(repository => repository.Add(It.IsAny<User>())).Callback<User>(users.Add);
        ports.Sessions.Setup(repository => repository.Add(It.IsAny<Session>())).Callback<Session>(sessions.Add);
        ports.Random.Setup(random => random.InviteCode()).Returns(InviteCode.FromStorage("K7M2QX"));
    }

    [Test]
    public async Task A_wrong_code_is_counted_and_saved_before_it_is_answered()
    {
        var (row, address) = (ports.LiveCode("0427"), ports.Address());
        (int Guesses, int Failures, int OfAddress) kept = default;
        var saving = ports.SavesSlowly(() => kept = (row().Guesses, row().ConsecutiveFailures, address.FailedCodes.Count));
        var handling = Verify("0000");
        Assert.That((handling.IsCompleted, kept), Is.EqualTo((false, (1, 1, 1))));
        saving.SetResult(true);
        var error = (await handling).Error!;
        Assert.That((error.Code, error.AttemptsLeft), Is.EqualTo(("code_invalid", 4)));
        ports.Saved(1);
    }

    [Test]
    public async Task A_refusal_that_loses_a_race_begins_again()
    {
        ports.LiveCode("0427");
        ports.Saves(false, true);
        Assert.That((await Verify("0000")).Error!.AttemptsLeft, Is.EqualTo(4));
        ports.Saved(2);
    }

    [Test]
    public async Task A_code_that_is_dead_counts_for_nobody()
    {
        var (row, address) = (ports.LiveCode("0427"), ports.Address());
        row();
        ports.Finds(() => VerificationCode.Begin(Ports.Number));
        Assert.That((await Verify("0000")).Error!.Code, Is.EqualTo("code_expired"));
        Assert.That(address.FailedCodes.Count, Is.Zero);
    }

    [Test]
    public async Task A_number_without_a_row_has_no_code()
    {
        Assert.That((await Verify("0427")).Error!.Code, Is.EqualTo("code_expired"));
        ports.Addresses.VerifyNoOtherCalls();
    }

    [Test]
    public async Task An_address_with_too_many_wrong_codes_learns_nothing_of_the_code()
    {
        var row = ports.LiveCode("0427");
        var address = ports.Address();
        for (var failure = 0; failure < ports.Limits.FailedCodesPerDay; failure++)
        {
            address.CountFailure(ports.Clock.Now, ports.Limits);
        }

        Assert.That((await Verify("0427")).Error!.Code, Is.EqualTo("too_many_requests"));
        Assert.That((row().Guesses, row().CodeHash), Is.EqualTo((0, Ports.CodeHash("0427"))));
        Assert.That((users.Count, sessions.Count), Is.EqualTo((0, 0)));
    }

    [Test]
    public async Task The_first_success_makes_the_user_their_code_and_the_session_in_one_save()
    {
        var row = ports.LiveCode("0427");
        (byte[]? Code, int Users, int Sessions) kept = default;
        var saving = ports.SavesSlowly(() => kept = (row().CodeHash, users.Count, sessions.Count));
        var handling = Verify("0427");
        Assert.That((handling.IsCompleted, kept), Is.EqualTo((false, ((byte[]?)null, 1, 1))));
        ports.AccessTokens.VerifyNoOtherCalls();
        saving.SetResult(true);
        var response = (await handling).Value!;
        Assert.That(
            (response.IsNewUser, response.AccessToken, response.ExpiresIn, response.TokenType, response.Profile.InviteCode, response.Profile.PhoneNumber),
            Is.EqualTo((true, "access", 600, "Bearer", "K7M2QX", Ports.Text)));
        Assert.That((sessions[0].UserId, sessions[0].DeviceName), Is.EqualTo((users[0].Id, "Pixel 9")));
        Assert.That((response.RefreshToken, response.RefreshTokenExpiresAt), Is.EqualTo(("refresh-" + sessions[0].Id, sessions[0].ExpiresAt)));
        ports.Saved(1);
    }

    [Test]
    public async Task An_invite_code_that_is_taken_is_drawn_again()
    {
        ports.LiveCode("0427");
        ports.Random.SetupSequence(random => random.InviteCode()).Returns(InviteCode.FromStorage("AAAAAA")).Returns(InviteCode.FromStorage("BBBBBB"));
        ports.Saves(false, true);
        Assert.That((await Verify("0427")).Value!.Profile.InviteCode, Is.EqualTo("BBBBBB"));
    }

    [Test]
    public async Task Who_was_here_before_is_the_same_user()
    {
        ports.LiveCode("0427");
        var user = ports.SignedIn();
        ports.UserAtSignIn = user;
        var response = (await Verify("0427")).Value!;
        Assert.That((response.IsNewUser, users.Count, sessions.Single().UserId), Is.EqualTo((false, 0, user.Id)));
        ports.Random.VerifyNoOtherCalls();
    }

    [Test]
    public async Task Who_is_blocked_spends_the_code_and_gets_no_session()
    {
        var row = ports.LiveCode("0427");
        var user = Ports.NewUser();
        user.Block(ports.Clock.Now);
        ports.UserAtSignIn = user;
        Assert.That((await Verify("0427")).Error, Is.EqualTo(UserErrors.Blocked));
        Assert.That((row().CodeHash, sessions.Count), Is.EqualTo(((byte[]?)null, 0)));
        ports.Saved(1);
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task A_number_that_comes_back_remembers_whether_it_activated_a_code(bool spent)
    {
        ports.LiveCode("0427");
        ports.ActivationSpent = spent;
        Assert.That((await Verify("0427")).Value!.Profile.CanActivateInviteCode, Is.EqualTo(!spent));
    }

    [Test]
    public async Task The_first_wrong_code_of_an_address_is_counted_in_a_row_of_its_own()
    {
        ports.LiveCode("0427");
        AddressUsage? row = null;
        ports.Addresses.Setup(addresses => addresses.Add(It.IsAny<AddressUsage>())).Callback<AddressUsage>(usage => row = usage);
        await Verify("0000");
        Assert.That((row!.Address, row.FailedCodes.Count), Is.EqualTo(("203.0.113.7", 1)));
    }

    [Test]
    public async Task Without_a_limit_no_row_of_the_address_is_held()
    {
        var unlimited = new Ports { Limits = new AddressPolicy { FailedCodesPerDay = 0 } };
        var (_, address) = (unlimited.LiveCode("0427"), unlimited.Address());
        Assert.That((await Verify("0000", unlimited)).Error!.Code, Is.EqualTo("code_invalid"));
        Assert.That(address.FailedCodes.Count, Is.Zero);
        unlimited.Addresses.VerifyNoOtherCalls();
    }

    [Test]
    public async Task A_code_that_was_typed_back_is_counted_once_it_is_saved()
    {
        var braked = new Ports { Brake = new BrakePolicy() };
        using var told = new Measurements(braked.Telemetry);
        var row = Issued(braked);
        braked.Finds(() => row);
        var address = braked.Address();
        braked.Random.Setup(random => random.InviteCode()).Returns(InviteCode.FromStorage("K7M2QX"));
        braked.Clock.Advance(TimeSpan.FromSeconds(20));
        var saving = braked.SavesSlowly(() => { });
        var handling = Verify("0427", braked);
        Assert.That((told.Seen.Count, address.VerifiedCodes.Count), Is.EqualTo((0, 1)));
        braked.Traffic.VerifyNoOtherCalls();
        saving.SetResult(true);
        Assert.That((await handling).IsSuccess, Is.True);
        Assert.That(told.Seen, Is.EqualTo(new[] { "codes.verified 1 unknown 7", "codes.time_to_verify 20 unknown 7" }));
        braked.Traffic.Verify(traffic => traffic.Count("7", new Traffic(0, 1)), Times.Once);
    }

    [Test]
    public async Task A_test_numbers_code_was_never_sent_and_counts_for_nothing()
    {
        var reviewed = new TestNumber { PhoneNumber = Ports.Text, Code = "0427", ExpiresAt = ports.Clock.Now.AddDays(1) };
        var braked = new Ports { Brake = new BrakePolicy(), Verification = new VerificationPolicy { TestNumbers = [reviewed] } };
        using var told = new Measurements(braked.Telemetry);
        braked.LiveCode("0427");
        var address = braked.Address();
        braked.UserAtSignIn = Ports.NewUser();
        Assert.That((await Verify("0427", braked)).IsSuccess, Is.True);
        Assert.That((told.Seen.Count, address.VerifiedCodes.Count), Is.EqualTo((0, 0)));
        braked.Traffic.VerifyNoOtherCalls();
    }

    [TestCase(1, 100, ExpectedResult = "numbers.locked 1 7 locked", TestName = "For a while")]
    [TestCase(1, 1, ExpectedResult = "numbers.locked 1 7 disabled", TestName = "Until an operator unlocks it")]
    [TestCase(2, 100, ExpectedResult = "", TestName = "Not yet")]
    public async Task<string> A_guess_that_locks_the_number_is_told(int maxFailures, int maxConsecutive)
    {
        var strict = new Ports { Verification = new VerificationPolicy { MaxFailures = maxFailures, MaxConsecutiveFailures = maxConsecutive } };
        using var told = new Measurements(strict.Telemetry);
        strict.LiveCode("0427");
        await Verify("0000", strict);
        return string.Join(' ', told.Seen);
    }

    [Test]
    public async Task A_guess_at_a_number_that_is_locked_already_locks_nothing()
    {
        using var told = new Measurements(ports.Telemetry);
        var row = Issued(ports);
        while (row.LockedUntil is null)
        {
            row.Issue(Ports.CodeHash("0427"), ports.Clock.Now, ports.Verification);
            row.Guess([Ports.CodeHash("0000")], ports.Clock.Now, ports.Verification);
        }

        ports.Finds(() => row);
        Assert.That((await Verify("0427")).Error!.Code, Is.EqualTo("phone_locked"));
        Assert.That(told.Seen, Is.Empty);
    }

    [TestCase(0, false)]
    [TestCase(1, true)]
    public async Task Who_has_invited_others_is_answered_with_them(int invited, bool asked)
    {
        ports.LiveCode("0427");
        var user = ports.SignedIn();
        ports.UserAtSignIn = user;
        for (var friend = 0; friend < invited; friend++)
        {
            Ports.NewUser("+79007654321", "BBBBBB").ActivateInviteCode(user.InviteCode, user, ports.Clock.Now);
        }

        var kept = Ports.ProfileOf(user);
        ports.Profiles.Setup(profiles => profiles.FindAsync(user.Id, It.IsAny<CancellationToken>())).ReturnsAsync(kept);
        Assert.That(ReferenceEquals((await Verify("0427")).Value!.Profile, kept), Is.EqualTo(asked));
        ports.Profiles.Verify(profiles => profiles.FindAsync(user.Id, It.IsAny<CancellationToken>()), Times.Exactly(invited));
    }

    private static VerificationCode Issued(Ports with)
    {
        var row = VerificationCode.Begin(Ports.Number);
        row.Issue(Ports.CodeHash("0427"), with.Clock.Now, with.Verification);
        return row;
    }

    private Task<Result<VerifyCodeResponse>> Verify(string code, Ports? other = null)
    {
        var with = other ?? ports;
        var handler = new VerifyCodeHandler(
            with.Codes.Object,
            with.AddressLimits,
            with.Users.Object,
            with.SessionOpener,
            with.Permits,
            new TestNumbers(with.Verification, with.Numbers),
            with.UnitOfWork.Object,
            with.Profiles.Object,
            with.Hasher.Object,
            with.Random.Object,
            with.Numbers,
            with.Verification,
            with.Telemetry,
            with.Clock);
        return handler.Handle(new VerifyCodeCommand("8 (900) 123-45-67", code, "Pixel 9"), CancellationToken.None);
    }
}
