using FluentAssertions;
using NUnit.Framework;
using TxMsg.Server.Http;
using TxMsg.Server.Transactions;

namespace TxMsg.Server.Tests.Transactions;

public sealed class PrepareRulesTests
{
    [TestCase("a", true)]
    [TestCase("ünïcode 😀", true)]
    [TestCase("", false)]
    [TestCase("a\tb", false)]
    [TestCase("\u001f", false)]
    [TestCase("\u007f", false)]
    [TestCase(" ", true)]
    public void CheckText_OfCharacters_RefusesControlCharacters(string text, bool allowed) =>
        Check(errors => PrepareRules.CheckText("key", text, errors)).Should().Be(allowed);

    [TestCase(256, true)]
    [TestCase(257, false)]
    public void CheckText_OfALength_EndsAt256(int length, bool allowed) =>
        Check(errors => PrepareRules.CheckText("key", new string('k', length), errors)).Should().Be(allowed);

    [TestCase(null, true)]
    [TestCase("text/plain", true)]
    [TestCase("application/vnd.shop+json; version=2", true)]
    [TestCase("text", false)]
    [TestCase("", false)]
    [TestCase("text/plain ", false)]
    public void CheckContentType_OfATypeOrNot_TellsThemApart(string? type, bool allowed) =>
        Check(errors => PrepareRules.CheckContentType(type, errors)).Should().Be(allowed);

    [TestCase(null, true)]
    [TestCase(0.0, true)]
    [TestCase(10.0, true)]
    [TestCase(10.0001, false)]
    [TestCase(-0.0001, false)]
    [TestCase(double.NaN, false)]
    [TestCase(double.PositiveInfinity, false)]
    public void CheckSeconds_OfANumber_HoldsTheRange(double? seconds, bool allowed) =>
        Check(errors => PrepareRules.CheckSeconds("delaySeconds", seconds, 0, 10, errors)).Should().Be(allowed);

    [TestCase(32, true)]
    [TestCase(33, false)]
    public void ReadHeaders_OfMany_EndsAt32(int count, bool allowed)
    {
        var headers = string.Join(",", Enumerable.Range(0, count).Select(i => $"\"h{i}\":\"v\""));

        (Preparing.Read(Preparing.With($$""","headers":{ {{headers}} }""")).Message is not null).Should().Be(allowed);
    }

    [Test]
    public void ReadHeaders_InAnyOrder_GivesTheSameContent()
    {
        var one = Preparing.Message(Preparing.With(""","headers":{"b":"1","a":"2"}"""));
        var other = Preparing.Message(Preparing.With(""","headers":{"a":"2" , "b":"1"}"""));

        one.Content.IsSameAs(other.Content).Should().BeTrue();
    }

    private static bool Check(Action<FieldErrors> check)
    {
        var errors = new FieldErrors();
        check(errors);
        return errors.IsEmpty;
    }
}
