using PhoneAuth.Domain.PhoneNumbers;

namespace PhoneAuth.Domain.Tests.PhoneNumbers;

public sealed class MaskedTests
{
    [TestCase("+79001234567", "+7900•••4567")]
    [TestCase("+375291234567", "+375•••4567")]
    [TestCase("+8613123456789", "+86131•••6789")]
    [TestCase("+4534412345", "+45•••2345")]
    [TestCase("+2908999", "+290•••99")]
    [TestCase("+24740123", "+247•••23")]
    public void The_middle_is_hidden(string e164, string masked)
    {
        var phone = PhoneNumber.FromStorage(e164);

        Assert.That(phone.Masked, Is.EqualTo(masked));
        Assert.That($"{phone}", Is.EqualTo(masked));
    }

    [Test]
    public void No_number_of_the_world_shows_in_its_mask() => Assert.Multiple(() =>
    {
        foreach (var (code, national) in MobileNumbers.All)
        {
            var shown = PhoneNumber.FromStorage($"+{code}{national}").Masked[(1 + code.Length)..].Count(char.IsAsciiDigit);
            Assert.That(shown, Is.LessThanOrEqualTo(national.Length < 10 ? national.Length / 2 : 7), $"+{code}{national}");
        }
    });
}
