using FluentAssertions;
using NUnit.Framework;
using TxMsg.Server.Http;

namespace TxMsg.Server.Tests.Http;

public sealed class NamesTests
{
    [TestCase("a")]
    [TestCase("Shop-1.orders_2")]
    [TestCase("..")]
    public void Check_OfAName_TakesIt(string name) => Names.Check(name).Should().BeNull();

    [TestCase(null)]
    [TestCase("")]
    [TestCase(" ")]
    [TestCase("a b")]
    [TestCase("a/b")]
    [TestCase("a~1")]
    [TestCase("é")]
    [TestCase("a\r\n")]
    public void Check_OfAnythingElse_SaysWhatIsWrong(string? name) => Names.Check(name).Should().NotBeNull();

    [Test]
    public void Check_OfALength_EndsAt128()
    {
        Names.Check(new string('n', 128)).Should().BeNull();
        Names.Check(new string('n', 129)).Should().NotBeNull();
    }
}
