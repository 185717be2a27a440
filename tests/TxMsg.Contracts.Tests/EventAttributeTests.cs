using System.Text;
using FluentAssertions;
using NUnit.Framework;

namespace TxMsg.Contracts.Tests;

public sealed class EventAttributeTests
{
    [TestCase("order-1", "order-1")]
    [TestCase("", "")]
    [TestCase("~!", "~!")]
    [TestCase("50 % \"off\", grün, 🎈", "50%20%25%20%22off%22,%20gr%C3%BCn,%20%F0%9F%8E%88")]
    [TestCase("Euro € 😀", "Euro%20%E2%82%AC%20%F0%9F%98%80")]
    [TestCase("100%\"", "100%25%22")]
    [TestCase("a\r\nb", "a%0D%0Ab")]
    [TestCase("~!\u007F", "~!%7F")]
    [TestCase("é", "%C3%A9")]
    public void Encode_OfAnAttribute_FollowsTheHttpBindingOfCloudEvents(string value, string expected) =>
        EventAttribute.Encode(value).Should().Be(expected);

    [Test]
    public void Encode_OfHalfACharacter_StaysSafe() => EventAttribute.Encode("a\uD83D").Should().Be("a%EF%BF%BD");

    [Test]
    public void Encode_OfAnything_DecodesToItselfAndIsSafe()
    {
        var all = string.Concat(Enumerable.Range(1, 0xD7FF).Select(c => (char)c));

        var encoded = EventAttribute.Encode(all);

        encoded.All(c => c is > ' ' and < (char)0x7F).Should().BeTrue();
        Uri.UnescapeDataString(encoded).Should().Be(all);
        Encoding.ASCII.GetByteCount(encoded).Should().Be(encoded.Length);
    }
}
