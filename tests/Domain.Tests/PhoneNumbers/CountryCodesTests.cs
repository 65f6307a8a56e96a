using PhoneAuth.Domain.PhoneNumbers;

namespace PhoneAuth.Domain.Tests.PhoneNumbers;

public sealed class CountryCodesTests
{
    // Assigned by the ITU and in use by people, zone by zone.
    private const string Assigned = """
        1 7
        20 27 211-213 216 218 220-258 260-269 290 291 297-299
        30-34 36 39 350-359 370-378 380-383 385-387 389
        40 41 43-49 420 421 423
        51-58 500-509 590-599
        60-66 670 672-683 685-692
        81 82 84 86 850 852 853 855 856 870 880-883 886
        90-95 98 960-968 970-977 992-996 998
        """;

    [Test]
    public void The_table_holds_every_assigned_code_and_no_other()
    {
        var assigned = Assigned.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries).SelectMany(Range);

        Assert.That(CountryCodes.All.Select(plan => plan.CountryCode), Is.EquivalentTo(assigned));
    }

    [Test]
    public void No_code_is_the_beginning_of_another()
    {
        var codes = CountryCodes.All.Select(plan => plan.CountryCode).ToList();
        var clashes = from code in codes
                      from other in codes
                      where other.Length > code.Length && other.StartsWith(code, StringComparison.Ordinal)
                      select other;

        Assert.That(clashes, Is.Empty);
    }

    [Test]
    public void Every_plan_has_numbers_and_none_is_longer_than_fifteen_digits() => Assert.Multiple(() =>
    {
        foreach (var plan in CountryCodes.All)
        {
            var lengths = from first in "0123456789"
                          from length in Enumerable.Range(1, 30)
                          where plan.IsPossible(first + new string('2', length - 1))
                          select length;
            Assert.That(lengths, Is.Not.Empty.And.All.InRange(4, 15 - plan.CountryCode.Length), plan.CountryCode);
        }
    });

    [Test]
    public void Mobiles_of_every_code_are_possible() => Assert.Multiple(() =>
    {
        var codes = MobileNumbers.All.Select(mobile => mobile.CountryCode).Distinct(StringComparer.Ordinal);
        Assert.That(codes, Is.EquivalentTo(CountryCodes.All.Select(plan => plan.CountryCode)));
        foreach (var (code, national) in MobileNumbers.All)
            Assert.That(PhoneNumber.Parse($"+{code} {national}", "7").Value?.E164, Is.EqualTo($"+{code}{national}"));
    });

    [Test]
    public void Mobiles_of_every_code_are_read_at_home_with_and_without_the_code() => Assert.Multiple(() =>
    {
        foreach (var (code, national) in MobileNumbers.All)
        {
            Assert.That(PhoneNumber.Parse(national, code).Value?.E164, Is.EqualTo($"+{code}{national}"), $"{national} in {code}");
            Assert.That(PhoneNumber.Parse(code + national, code).Value?.E164, Is.EqualTo($"+{code}{national}"), $"{code}{national} in {code}");
        }
    });

    [TestCase("7", true)]
    [TestCase("375", true)]
    [TestCase("800", false)]
    [TestCase("999", false)]
    [TestCase("+7", false)]
    [TestCase("07", false)]
    [TestCase("", false)]
    public void A_code_exists_or_does_not(string code, bool exists) =>
        Assert.That(CountryCodes.Exists(code), Is.EqualTo(exists));

    private static IEnumerable<string> Range(string item)
    {
        var ends = Array.ConvertAll(item.Split('-'), int.Parse);
        return Enumerable.Range(ends[0], ends[^1] - ends[0] + 1).Select(code => $"{code}");
    }
}
