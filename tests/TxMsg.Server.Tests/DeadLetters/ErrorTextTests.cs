using FluentAssertions;
using NUnit.Framework;
using TxMsg.Server.DeadLetters;

namespace TxMsg.Server.Tests.DeadLetters;

public sealed class ErrorTextTests
{
    [TestCase("the receiver answered 500", "the receiver answered 500")]
    [TestCase("the receiver answered 503: order 4711 is locked", "the receiver answered 503: order # is locked")]
    [TestCase("the receiver answered 500: {\"id\":\"0193a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b\",\"at\":\"2026-11-01T08:00:00.123Z\"}", "the receiver answered 500: {\"id\":\"#\",\"at\":\"#\"}")]
    [TestCase("the receiver answered 500: trace 4bf92f3577b34da6a3ce929d0e0e4736 at 10.0.0.17:5432", "the receiver answered 500: trace # at #")]
    [TestCase("the receiver answered 422: amount 1,234.50 of A-17 on 2026-11-01", "the receiver answered 422: amount # of A-# on #")]
    [TestCase("the receiver answered 500: at 0x7ffde3 req_8fJk2LmQ90aaBBcc failed", "the receiver answered 500: at # # failed")]
    [TestCase("the receiver answered 500: ConstraintViolationException", "the receiver answered 500: ConstraintViolationException")]
    [TestCase("the receiver answered 500: ORA-00001: 17x of job12 in 3.5s, 4/5", "the receiver answered 500: ORA-#: #x of job# in #s, #")]
    [TestCase("connecting failed", "connecting failed")]
    [TestCase("  spaces \t and\r\n lines  ", "spaces and lines")]
    [TestCase("", "no reason")]
    [TestCase(null, "no reason")]
    public void Normalize_LeavesWhatIsTheSameEachTime(string? error, string text) => ErrorText.Normalize(error).Should().Be(text);

    [Test]
    public void Normalize_OfAGroupsText_IsThatText()
    {
        foreach (var error in new[] { "the receiver answered 500: order 4711", "x 1.2.3-4 y", "#", "a#b 12", new string('é', 500), $"the receiver answered 500: {new string('a', 400)} 17", "99 # 0x1f#" })
            ErrorText.Normalize(ErrorText.Normalize(error)).Should().Be(ErrorText.Normalize(error));
    }

    [Test]
    public void Normalize_OfALongText_NeverCutsACharacterInTwo()
    {
        for (var length = ErrorText.MaxLength - 3; length <= ErrorText.MaxLength; length++)
        {
            var text = ErrorText.Normalize(new string('a', length) + "😀😀");
            text.Length.Should().BeLessThanOrEqualTo(ErrorText.MaxLength);
            char.IsHighSurrogate(text[^1]).Should().BeFalse();
        }
    }

    [Test]
    public void Normalize_OfAnyText_LeadsToItself()
    {
        var random = new Random(17);
        const string alphabet = "aB0 19-_.,:/TZx#\"é\t";
        for (var i = 0; i < 20_000; i++)
        {
            var error = new string(Enumerable.Range(0, random.Next(1, 40)).Select(_ => alphabet[random.Next(alphabet.Length)]).ToArray());
            var text = ErrorText.Normalize(error);
            ErrorText.Normalize(text).Should().Be(text, "of {0}", error);
            text.Should().MatchRegex("^[^0-9]+$", "of {0}", error);
        }
    }

    [Test]
    public void Filter_OfAGroup_MatchesItsMembersAndNoOthers()
    {
        var filter = new DeadLetterFilter("the receiver answered 500: order # is locked", 500);
        filter.Matches(500, "the receiver answered 500: order 1 is locked").Should().BeTrue();
        filter.Matches(503, "the receiver answered 500: order 1 is locked").Should().BeFalse();
        filter.Matches(500, "the receiver answered 500: order 1 is gone").Should().BeFalse();
        filter.Matches(500, null).Should().BeFalse();
        new DeadLetterFilter("the receiver answered 500: order 99 is locked", null).Matches(500, "the receiver answered 500: order 1 is locked").Should().BeTrue();
        DeadLetterFilter.None.Matches(null, null).Should().BeTrue();
    }
}
