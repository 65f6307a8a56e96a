using System.Globalization;

namespace PhoneAuth.LoadGenerator.Flows;

/// <summary>How far a sign-in goes.</summary>
internal enum Depth
{
    /// <summary>The code is known.</summary>
    Code,

    /// <summary>Signed in.</summary>
    Tokens,

    /// <summary>The profile was read with the new token.</summary>
    Profile,
}

/// <summary>Asks for a code, reads it from the inbox, proves the number, reads the profile.</summary>
/// <param name="numbers">Where numbers come from.</param>
/// <param name="fresh">Whether they are nobody's yet.</param>
/// <param name="depth">How far to go.</param>
/// <param name="limit">After how many flows this client stops.</param>
/// <param name="done">Takes whoever has signed in.</param>
internal sealed class SignInFlow(Numbers numbers, bool fresh, Depth depth, long limit = long.MaxValue, Action<Account>? done = null) : Flow
{
    public const string Send = "send-code";
    public const string Inbox = "inbox";
    public const string Verify = "verify-code";
    public const string Profile = "profile";

    private long left = limit;
    private Account account = new(0, "");
    private DateTimeOffset began;

    public override int Begin(Span<byte> request)
    {
        if (left-- <= 0)
        {
            return Nothing;
        }

        began = DateTimeOffset.UtcNow;
        var number = fresh ? numbers.NextFresh() : numbers.NextSeeded();
        account = new Account(number, fresh ? Numbers.OfFresh(number) : Numbers.OfSeeded(number));
        Call = Send;
        return Requests.Post(request, "/send-code", number, null, $$"""{"phoneNumber":"{{account.PhoneNumber}}"}""");
    }

    public override int Continue(int status, ReadOnlySpan<byte> body, Span<byte> request)
    {
        switch (Call)
        {
            case Send:
                Expect(202, status, body);
                return ReadInbox(request);
            case Inbox:
                Expect(200, status, body);
                if (Requests.Value(body, "\"code\":\""u8) is not { } code || SentAt(body) < began)
                {
                    return ReadInbox(request); // not delivered yet
                }

                account.Code = code;
                Call = Verify;
                return depth == Depth.Code ? Done() : VerifyFlow.Write(request, account, code);
            case Verify:
                Expect(200, status, body);
                account.AccessToken = Requests.Value(body, "\"accessToken\":\""u8)!;
                account.RefreshToken = Requests.Value(body, "\"refreshToken\":\""u8)!;
                account.InviteCode = Requests.Value(body, "\"inviteCode\":\""u8)!;
                Call = Profile;
                return depth == Depth.Tokens ? Done() : Requests.Get(request, "/profile/" + account.PhoneNumber, account.Number, account.AccessToken);
            default:
                Expect(200, status, body);
                return Done();
        }
    }

    private int ReadInbox(Span<byte> request)
    {
        Call = Inbox;
        return Requests.Get(request, "/dev/messages?phoneNumber=%2B" + account.PhoneNumber[1..], account.Number, null);
    }

    private static DateTimeOffset SentAt(ReadOnlySpan<byte> body) =>
        DateTimeOffset.TryParse(Requests.Value(body, "\"sentAt\":\""u8), CultureInfo.InvariantCulture, out var time) ? time : DateTimeOffset.MaxValue;

    private int Done()
    {
        done?.Invoke(account);
        return Nothing;
    }
}
