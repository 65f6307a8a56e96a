using FsCheck;
using FsCheck.Fluent;
using PhoneAuth.Domain.InviteCodes;
using PhoneAuth.Infrastructure.Security;

namespace PhoneAuth.Infrastructure.Tests.Security;

public class RandomSourceTests
{
    private static readonly RandomSource Source = new();

    [Test]
    public void A_code_has_as_many_ASCII_digits_as_asked_for() =>
        Prop.ForAll(Arb.From(Gen.Choose(4, 8)), length =>
        {
            var code = Source.Digits(length);
            return code.Length == length && code.All(char.IsAsciiDigit);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));

    [Test]
    public void Every_code_of_four_digits_is_as_likely_as_every_other()
    {
        var drawn = new int[10_000];
        for (var time = 0; time < 200_000; time++)
        {
            drawn[int.Parse(Source.Digits(4), System.Globalization.CultureInfo.InvariantCulture)]++;
        }

        Assert.That(ChiSquareInDeviations(drawn), Is.InRange(-6, 6));
        Assert.That(drawn.Take(1000).Sum(), Is.EqualTo(20_000).Within(900), "a leading zero is a digit like any other");
    }

    [Test]
    public void Every_invite_code_is_of_the_alphabet_and_every_character_as_likely_as_every_other()
    {
        var drawn = Enumerable.Range(0, InviteCode.Length).Select(_ => new int[InviteCode.Alphabet.Length]).ToArray();
        for (var time = 0; time < 50_000; time++)
        {
            var code = Source.InviteCode().Value;
            for (var place = 0; place < InviteCode.Length; place++)
            {
                drawn[place][InviteCode.Alphabet.IndexOf(code[place], StringComparison.Ordinal)]++;
            }
        }

        Assert.That(drawn.Select(ChiSquareInDeviations), Is.All.InRange(-6, 6));
    }

    /// <summary>How far from its mean the chi-square of a draw is that ought to be uniform, in standard deviations: beyond six is no chance.</summary>
    private static double ChiSquareInDeviations(int[] drawn)
    {
        var (expected, freedom) = (drawn.Sum() / (double)drawn.Length, drawn.Length - 1);
        return (drawn.Sum(count => (count - expected) * (count - expected) / expected) - freedom) / Math.Sqrt(2 * freedom);
    }
}
