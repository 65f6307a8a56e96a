namespace PhoneAuth.LoadGenerator.Flows;

/// <summary>Calls that a sign-in has prepared, one a flow; each takes the next of what was prepared, and stops at its end.</summary>
internal abstract class PreparedFlow(Queue<Account> prepared, string call) : Flow
{
    public override int Begin(Span<byte> request)
    {
        Call = call;
        return prepared.TryDequeue(out var account) ? Write(request, account) : Nothing;
    }

    protected abstract int Write(Span<byte> request, Account account);
}

/// <summary>Proves a number whose code is known.</summary>
internal sealed class VerifyFlow(Queue<Account> prepared) : PreparedFlow(prepared, SignInFlow.Verify)
{
    public static int Write(Span<byte> request, Account account, string code) =>
        Requests.Post(request, "/verify-code", account.Number, null, $$"""{"phoneNumber":"{{account.PhoneNumber}}","code":"{{code}}"}""");

    public override int Continue(int status, ReadOnlySpan<byte> body, Span<byte> request)
    {
        Expect(200, status, body);
        return Nothing;
    }

    protected override int Write(Span<byte> request, Account account) => Write(request, account, account.Code);
}

/// <summary>Guesses wrong, as often as a number is in the queue; fewer times than end the life of its code.</summary>
internal sealed class WrongGuessFlow(Queue<Account> prepared) : PreparedFlow(prepared, "wrong guess")
{
    public override int Continue(int status, ReadOnlySpan<byte> body, Span<byte> request)
    {
        Expect(422, status, body);
        return Requests.Value(body, "\"code\":\""u8) is "code_invalid" ? Nothing : throw new UnexpectedAnswerException("No guess was counted.");
    }

    protected override int Write(Span<byte> request, Account account) =>
        VerifyFlow.Write(request, account, string.Concat(account.Code.Select(digit => (char)('0' + ((digit - '0' + 1) % 10)))));
}

/// <summary>Activates somebody's invite code.</summary>
internal sealed class ActivateFlow(Queue<Account> prepared, string inviteCode) : PreparedFlow(prepared, "activate")
{
    public override int Continue(int status, ReadOnlySpan<byte> body, Span<byte> request)
    {
        Expect(200, status, body);
        return Nothing;
    }

    protected override int Write(Span<byte> request, Account account) =>
        Requests.Post(request, "/profile/" + account.PhoneNumber, account.Number, account.AccessToken, $$"""{"inviteCode":"{{inviteCode}}"}""");
}

/// <summary>Reads profiles of users who are signed in, or a page of whom one invited.</summary>
internal sealed class ReadFlow(IReadOnlyList<Account> accounts, Random chance, string suffix = "") : Flow
{
    public override int Begin(Span<byte> request)
    {
        Call = SignInFlow.Profile + suffix;
        var account = accounts[chance.Next(accounts.Count)];
        return Requests.Get(request, "/profile/" + account.PhoneNumber + suffix, account.Number, account.AccessToken);
    }

    public override int Continue(int status, ReadOnlySpan<byte> body, Span<byte> request)
    {
        Expect(200, status, body);
        return Nothing;
    }
}

/// <summary>Refreshes sessions of one client in turn.</summary>
internal sealed class RefreshFlow(Queue<Account> own) : Flow
{
    private Account account = new(0, "");

    public override int Begin(Span<byte> request)
    {
        Call = "refresh-token";
        account = own.Dequeue();
        return Requests.Post(request, "/refresh-token", account.Number, null, $$"""{"refreshToken":"{{account.RefreshToken}}"}""");
    }

    public override int Continue(int status, ReadOnlySpan<byte> body, Span<byte> request)
    {
        Expect(200, status, body);
        account.RefreshToken = Requests.Value(body, "\"refreshToken\":\""u8)!;
        own.Enqueue(account);
        return Nothing;
    }
}

/// <summary>Asks for a page that does nothing.</summary>
internal sealed class HelloFlow : Flow
{
    public override int Begin(Span<byte> request)
    {
        Call = "hello";
        return Requests.Get(request, "/", 0, null);
    }

    public override int Continue(int status, ReadOnlySpan<byte> body, Span<byte> request)
    {
        Expect(200, status, body);
        return Nothing;
    }
}
