using FluentAssertions;
using NUnit.Framework;
using TxMsg.Server.Webhooks;

namespace TxMsg.Server.Tests.Webhooks;

public sealed class RetryAfterTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [TestCase("0", 0)]
    [TestCase("120", 120)]
    [TestCase(" 120 ", 120)]
    [TestCase("3600", 3600)]
    [TestCase("3601", 3600)]
    [TestCase("99999999999999999999999999", 3600)]
    [TestCase("-5", 0)]
    [TestCase("Sun, 01 Mar 2026 12:00:30 GMT", 30)]
    [TestCase("Sunday, 01-Mar-26 12:00:30 GMT", 30)]
    [TestCase("Sun Mar  1 12:00:30 2026", 30)]
    [TestCase("Sun, 01 Mar 2026 11:00:00 GMT", 0)]
    [TestCase("Mon, 01 Mar 2027 12:00:00 GMT", 3600)]
    public void Parse_OfSecondsOrADate_GivesTheWait(string text, int seconds) =>
        RetryAfter.Parse(text, Now).Should().Be(TimeSpan.FromSeconds(seconds));

    [TestCase(null)]
    [TestCase("")]
    [TestCase("soon")]
    [TestCase("1.5")]
    [TestCase("-")]
    [TestCase("12x")]
    [TestCase("١٢")]
    [TestCase("Foo, 99 Bar 2026 12:00:30 GMT")]
    public void Parse_OfNonsense_GivesNothing(string? text) => RetryAfter.Parse(text, Now).Should().BeNull();
}
