using CsCheck;
using FluentAssertions;
using NUnit.Framework;
using TxMsg.Server.Transactions;

namespace TxMsg.Server.Tests.Transactions;

public sealed class MessageCursorTests
{
    [Test]
    public void TryParse_OfWhatToStringWrote_GivesItBack() =>
        Gen.Select(Gen.Long, Gen.Long).Sample((time, seq) =>
        {
            MessageCursor.TryParse(new MessageCursor(time, seq).ToString(), out var cursor).Should().BeTrue();
            cursor.Should().Be(new MessageCursor(time, seq));
        });

    [TestCase("")]
    [TestCase("A")]
    [TestCase("!!!!")]
    [TestCase("AAAAAAAAAAAAAAAAAAAAA")]
    [TestCase("AAAAAAAAAAAAAAAAAAAAAAA")]
    [TestCase("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [TestCase("AAAAAAAAAAA+AAAAAAAAAA")]
    [TestCase("ééééééééééééééééééééé")]
    public void TryParse_OfGarbage_IsFalse(string text) => MessageCursor.TryParse(text, out _).Should().BeFalse();

    [Test]
    public void TryParse_OfAnyText_NeverThrows() => Gen.String.Sample(text => { MessageCursor.TryParse(text, out _); }, iter: 20_000);
}
