using FsCheck;
using FsCheck.Fluent;
using Moq;
using PhoneAuth.Application.Profiles;
using PhoneAuth.Application.Tests.Harness;

namespace PhoneAuth.Application.Tests.Profiles;

public class ListInvitedUsersTests
{
    [Test]
    public void A_cursor_that_comes_back_is_the_one_that_was_given() =>
        Prop.ForAll(Arb.From(Gen.Choose(0, int.MaxValue)), Arb.From(Gen.Choose(0, 255).ArrayOf(16)), (minutes, bytes) =>
        {
            var cursor = new InvitedUsersCursor(DateTimeOffset.UnixEpoch.AddMinutes(minutes), new Guid(Array.ConvertAll(bytes, value => (byte)value)));
            return InvitedUsersCursor.Parse(cursor.ToString()) == cursor && Uri.EscapeDataString(cursor.ToString()) == cursor.ToString();
        }).QuickCheckThrowOnFailure();

    [TestCase(null)]
    [TestCase("")]
    [TestCase("nonsense")]
    [TestCase("CN8kLWpHQABvWqrBqnQcB5g5sxoQKx_", TestName = "one character short")]
    [TestCase("________________________________", TestName = "a time before all times")]
    [TestCase("f_______________________________", TestName = "a time after all times")]
    [TestCase("CN8kLWpHQABvWqrBqnQcB5g5sxoQKx!d", TestName = "not base64url")]
    [TestCase("CN8kLWpHQABvWqrBqnQcB5g5sxoQK \nd", TestName = "white space, which a lenient decoder skips")]
    public void Anything_else_is_none_of_ours(string? text) => Assert.That(InvitedUsersCursor.Parse(text), Is.Null);

    [TestCase(null, true)]
    [TestCase("1", true)]
    [TestCase("500", true)]
    [TestCase("0", false)]
    [TestCase("501", false)]
    [TestCase("-1", false)]
    [TestCase("+1", false)]
    [TestCase(" 1", false)]
    [TestCase("1.0", false)]
    [TestCase("\u0661", false)]
    [TestCase("99999999999999999999", false)]
    public void A_limit_is_a_whole_number_from_1_to_500(string? limit, bool isGood) =>
        Assert.That(new ListInvitedUsersValidator().Validate(new ListInvitedUsersQuery(limit, null)).IsValid, Is.EqualTo(isGood));

    [TestCase(null, 100)]
    [TestCase("7", 7)]
    public async Task It_asks_for_as_many_as_the_caller_wants_of_the_callers_own(string? limit, int expected)
    {
        var ports = new Ports();
        var user = ports.SignedIn();
        var after = new InvitedUsersCursor(ports.Clock.Now, user.Id);
        var page = new InvitedUsersResponse([], null);
        ports.Profiles.Setup(profiles => profiles.ListInvitedAsync(user.Id, after, expected, It.IsAny<CancellationToken>())).ReturnsAsync(page);
        var handler = new ListInvitedUsersHandler(ports.CurrentUser.Object, ports.Profiles.Object);
        Assert.That((await handler.Handle(new ListInvitedUsersQuery(limit, after.ToString()), CancellationToken.None)).Value, Is.SameAs(page));
    }
}
