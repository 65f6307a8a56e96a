using Microsoft.Extensions.Logging;
using PhoneAuth.Application.Behaviors;
using PhoneAuth.Application.SignIn;
using PhoneAuth.Domain;
using PhoneAuth.Domain.VerificationCodes;

namespace PhoneAuth.Application.Tests.Behaviors;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public class LoggingBehaviorTests
{
    private static readonly VerifyCodeCommand Command = new("+79001234567", "0427", "Pixel 9");
    private readonly Lines<LoggingBehavior<VerifyCodeCommand, Result>> lines = new();

    [Test]
    public async Task A_use_case_is_one_line_with_its_name_outcome_and_milliseconds()
    {
        await Handle(Result.Success());
        Assert.That(lines.All.Single(), Does.Match(@"^VerifyCodeCommand ok in \d+\.\d ms$"));
    }

    [Test]
    public async Task A_refusal_is_named_by_its_word()
    {
        await Handle(VerificationCodeErrors.Invalid(4));
        Assert.That(lines.All.Single(), Does.StartWith("VerifyCodeCommand code_invalid in "));
    }

    [Test]
    public async Task Nothing_of_the_request_is_in_it_not_even_as_a_named_value()
    {
        await Handle(Result.Success());
        Assert.That(lines.Values.Keys, Is.EquivalentTo(new[] { "UseCase", "Outcome", "Elapsed", "{OriginalFormat}" }));
        foreach (var secret in new[] { "1234567", "0427", "Pixel" })
        {
            Assert.That(lines.All.Single() + string.Join(' ', lines.Values.Values), Does.Not.Contain(secret));
        }
    }

    private Task<Result> Handle(Result result) =>
        new LoggingBehavior<VerifyCodeCommand, Result>(lines).Handle(Command, CancellationToken.None, () => Task.FromResult(result));

    private sealed class Lines<T> : ILogger<T>
    {
        public List<string> All { get; } = [];

        public Dictionary<string, object?> Values { get; } = new(StringComparer.Ordinal);

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            All.Add(formatter(state, exception));
            foreach (var (name, value) in (IEnumerable<KeyValuePair<string, object?>>)state!)
            {
                Values[name] = value;
            }
        }
    }
}
