using FsCheck;
using FsCheck.Fluent;
using PhoneAuth.Domain.InviteCodes;

namespace PhoneAuth.Domain.Tests.InviteCodes;

public class InviteCodeTests
{
    private static readonly Gen<string> Codes =
        from characters in Gen.Elements(InviteCode.Alphabet.ToCharArray()).ArrayOf(InviteCode.Length)
        select new string(characters);

    private static readonly Gen<string> Separators = Gen.Elements("", "", "", " ", "-", "\u00A0", "\u2013", "\u2212", "\t");

    [Test]
    public void The_alphabet_has_thirty_two_characters_and_none_that_is_misread()
    {
        Assert.That(InviteCode.Alphabet.Distinct().Count(), Is.EqualTo(32));
        Assert.That(InviteCode.Alphabet.Intersect("01IO"), Is.Empty);
    }

    [TestCase("K7M2QX")]
    [TestCase("k7m2qx")]
    [TestCase("K7M-2QX")]
    [TestCase(" k7 m2 qx ")]
    [TestCase("K7M\u20142QX")]
    [TestCase("K7M\u00A02QX")]
    public void It_is_read_without_regard_to_case_spaces_and_dashes(string text) =>
        Assert.That(InviteCode.Parse(text)!.Value, Is.EqualTo("K7M2QX"));

    [Test]
    public void Thirty_two_characters_of_typing_are_read() => Assert.That(InviteCode.Parse("K7M2QX".PadRight(32))!.Value, Is.EqualTo("K7M2QX"));

    [TestCase(null)]
    [TestCase("")]
    [TestCase("K7M2Q")]
    [TestCase("K7M2QXX")]
    [TestCase("K7M2Q0", TestName = "a zero")]
    [TestCase("K7M2QI", TestName = "a capital i")]
    [TestCase("K7M2Q\u0425", TestName = "a Cyrillic letter that looks like X")]
    [TestCase("K7M2Q\u017F", TestName = "a long s, which would fold to S")]
    [TestCase("K7M2Q\uFF38", TestName = "a full-width X")]
    [TestCase("K7M2Q\U00010058", TestName = "a character beyond the basic plane whose last bits are an X's")]
    [TestCase("K7M2Q.X")]
    [TestCase("K7M2QX\0")]
    [TestCase("K7M2Q\uD800")]
    [TestCase("K 7 M 2 Q X                       ", TestName = "longer than anybody types")]
    public void Anything_else_is_none(string? text) => Assert.That(InviteCode.Parse(text), Is.Null);

    [Test]
    public void Every_spelling_of_a_code_agrees() =>
        Prop.ForAll(Arb.From(Spellings()), spelling => InviteCode.Parse(spelling.Text)?.Value == spelling.Code).QuickCheckThrowOnFailure();

    [Test]
    public void Reading_what_was_read_changes_nothing() =>
        Prop.ForAll(Arb.From(Gen.Elements("23AZaz019IO -\u00A0.\0".ToCharArray()).ArrayOf(7)), characters =>
            InviteCode.Parse(new string(characters)) is not { } code || InviteCode.Parse(code.Value) == code)
            .Check(Config.QuickThrowOnFailure.WithMaxTest(2000));

    [Test]
    public void Random_bytes_always_make_a_code_of_the_alphabet() =>
        Prop.ForAll(Arb.From(Gen.Choose(0, 255).ArrayOf(InviteCode.Length)), bytes =>
        {
            var code = InviteCode.FromRandom(Array.ConvertAll(bytes, value => (byte)value));
            return InviteCode.Parse(code.Value) == code;
        }).QuickCheckThrowOnFailure();

    [Test]
    public void Every_character_stands_for_as_many_bytes_as_every_other()
    {
        for (var place = 0; place < InviteCode.Length; place++)
        {
            var drawn = Enumerable.Range(0, 256).Select(value =>
            {
                var random = new byte[InviteCode.Length];
                random[place] = (byte)value;
                return InviteCode.FromRandom(random).Value[place];
            });
            Assert.That(drawn.CountBy(character => character).Select(pair => pair.Value), Is.All.EqualTo(8));
        }
    }

    private static Gen<(string Code, string Text)> Spellings() =>
        from code in Codes
        from lower in Gen.Elements(true, false)
        from separators in Separators.ArrayOf(InviteCode.Length)
        select (code, string.Concat((lower ? code.ToLowerInvariant() : code).Select((character, at) => character + separators[at])));
}
