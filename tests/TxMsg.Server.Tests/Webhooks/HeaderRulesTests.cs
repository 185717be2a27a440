using FluentAssertions;
using NUnit.Framework;
using TxMsg.Server.Webhooks;

namespace TxMsg.Server.Tests.Webhooks;

public sealed class HeaderRulesTests
{
    [TestCase("x", true)]
    [TestCase("Order-Id_2.v~1", true)]
    [TestCase(null, false)]
    [TestCase("", false)]
    [TestCase("a b", false)]
    [TestCase("a:b", false)]
    [TestCase("a\r\nhost", false)]
    [TestCase("a\0", false)]
    [TestCase("é", false)]
    [TestCase("a,b", false)]
    public void IsValidName_OfAToken_IsTrue(string? name, bool expected) => HeaderRules.IsValidName(name).Should().Be(expected);

    [TestCase("", true)]
    [TestCase("a \t\"b\" %20 ~", true)]
    [TestCase(null, false)]
    [TestCase("a\r\nx: y", false)]
    [TestCase("a\n", false)]
    [TestCase("a\rb", false)]
    [TestCase("a\0b", false)]
    [TestCase("a\u007Fb", false)]
    [TestCase("a\u0085b", false)]
    [TestCase("a\u2028b", false)]
    [TestCase("\u560A", false, Description = "becomes a line feed when cut to one byte")]
    [TestCase("é", false)]
    [TestCase(" a", false)]
    [TestCase("a\t", false)]
    public void IsValidValue_OfVisibleAscii_IsTrue(string? value, bool expected) => HeaderRules.IsValidValue(value).Should().Be(expected);

    [Test]
    public void IsValid_OverTheLimit_IsFalse()
    {
        HeaderRules.IsValidName(new string('a', 64)).Should().BeTrue();
        HeaderRules.IsValidName(new string('a', 65)).Should().BeFalse();
        HeaderRules.IsValidValue(new string('a', 2048)).Should().BeTrue();
        HeaderRules.IsValidValue(new string('a', 2049)).Should().BeFalse();
    }
}
