using FluentAssertions;
using NUnit.Framework;
using TxMsg.Server.Observability;

namespace TxMsg.Server.Tests.Observability;

public sealed class TraceParentTests
{
    private const string Trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    private const string Span = "00f067aa0ba902b7";

    [TestCase($"00-{Trace}-{Span}-01")]
    [TestCase($"00-{Trace}-{Span}-00")]
    public void Parse_AValidOne_KeepsIt(string sent) => TraceParents.Parse(sent).Should().Be(sent);

    [TestCase($"cc-{Trace}-{Span}-01")]
    [TestCase($"cc-{Trace}-{Span}-01-what-the-future-brings")]
    public void Parse_ALaterVersion_IsPassedOnAsTheOneThatIsKnown(string sent) => TraceParents.Parse(sent).Should().Be($"00-{Trace}-{Span}-01");

    [TestCase(null)]
    [TestCase("")]
    [TestCase("00")]
    [TestCase($"00-00000000000000000000000000000000-{Span}-01")]
    [TestCase($"00-{Trace}-0000000000000000-01")]
    [TestCase($"ff-{Trace}-{Span}-01")]
    [TestCase($"00-4BF92F3577B34DA6A3CE929D0E0E4736-{Span}-01")]
    [TestCase($"00-{Trace}-{Span}-0x")]
    [TestCase($"00-{Trace}-{Span}-01-more")]
    [TestCase($"cc-{Trace}-{Span}-01.more")]
    [TestCase($"00-{Trace}-{Span}-01,00-{Trace}-{Span}-01")]
    [TestCase($"00-{Trace}-{Span}\r\n01")]
    public void Parse_AnInvalidOne_IsNotPassedOn(string? sent) => TraceParents.Parse(sent).Should().BeNull();

    [Test]
    public void Continue_StaysInTheTraceWithASpanOfItsOwn()
    {
        var first = TraceParents.Continue($"00-{Trace}-{Span}-01");
        var second = TraceParents.Continue($"00-{Trace}-{Span}-01");

        first.Should().MatchRegex($"^00-{Trace}-[0-9a-f]{{16}}-01$").And.NotContain(Span).And.NotBe(second);
        TraceParents.Parse(first).Should().Be(first);
    }

    [Test]
    public void Continue_OfNothing_IsNothing() => TraceParents.Continue(null).Should().BeNull();
}
