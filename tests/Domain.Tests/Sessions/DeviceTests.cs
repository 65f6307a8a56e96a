using System.Text;
using PhoneAuth.Domain.Sessions;

namespace PhoneAuth.Domain.Tests.Sessions;

public class DeviceTests
{
    [TestCase('P')]
    [TestCase(' ')]
    [TestCase('\u00A0')]
    [TestCase('\u0451')]
    [TestCase('\u0301')]
    public void A_character_that_can_be_seen_may_be_shown(char character) => Assert.That(Device.IsPrintable(new Rune(character)), Is.True);

    [Test]
    public void One_of_two_code_units_may_too() => Assert.That(Device.IsPrintable(new Rune(0x1F4F1)), Is.True);

    [TestCase('\n', TestName = "a new line")]
    [TestCase('\u001B', TestName = "what begins a terminal's command")]
    [TestCase('\u0085', TestName = "a control character of the upper half")]
    [TestCase('\u202E', TestName = "an override of the direction")]
    [TestCase('\u200B', TestName = "a space of no width")]
    [TestCase('\u2028', TestName = "a line separator")]
    [TestCase('\u2029', TestName = "a paragraph separator")]
    [TestCase('\uFFFD', TestName = "what stands for half a pair")]
    public void One_that_moves_the_cursor_turns_the_text_or_hides_may_not(char character) => Assert.That(Device.IsPrintable(new Rune(character)), Is.False);
}
