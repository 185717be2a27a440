using FluentAssertions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using NUnit.Framework;
using TxMsg.Server.Http;
using TxMsg.Server.Transactions;

namespace TxMsg.Server.Tests.Transactions;

public sealed class MessageQueryTests
{
    [Test]
    public void Parse_OfNothing_AsksForTheNewest50() =>
        Parse("")!.ToParameters().Should().BeEquivalentTo(new
        {
            state = (int?)null, producerId = (long?)null, producerFrom = 0L, producerTo = long.MaxValue, topic = (string?)null, key = (string?)null, tag = (string?)null,
            from = 0L, to = long.MaxValue, beforeTime = long.MaxValue, beforeSeq = long.MaxValue, untilTime = -1L, untilSeq = 0L, limit = 51,
        });

    [Test]
    public void Parse_OfEverything_TakesItOver() =>
        Parse($"?state=rolledBack&producer=shop&topic=t&key=k&tag=x&from=1970-01-01T00:00:01Z&to=1970-01-01T00:00:02.5Z&limit=500&cursor={new MessageCursor(5, 6)}")!
            .ToParameters().Should().BeEquivalentTo(new
            {
                state = 3, producerId = 7L, producerFrom = 7L, producerTo = 7L, topic = "t", key = "k", tag = "x", from = 1000L, to = 5L, beforeTime = 5L, beforeSeq = 6L,
                untilTime = -1L, untilSeq = 0L, limit = 501,
            });

    [Test]
    public void Parameters_WithABound_KeepTheIndexBetweenBoundAndCursor() =>
        Parse($"?from=1970-01-01T00:00:01Z&cursor={new MessageCursor(5000, 6)}")!.ToParameters(new MessageCursor(3000, 4)).Should().BeEquivalentTo(
            new { from = 3000L, to = 5000L, untilTime = 3000L, untilSeq = 4L, beforeTime = 5000L, beforeSeq = 6L }, options => options.ExcludingMissingMembers());


    [TestCase("", false, false, false)]
    [TestCase("?key=k", true, false, false)]
    [TestCase("?key=k&state=parked", true, true, true)]
    [TestCase("?state=prepared", false, true, true)]
    [TestCase("?state=rolledBack", false, true, true)]
    [TestCase("?state=committed", false, false, true)]
    [TestCase("?topic=t", false, false, true)]
    [TestCase("?tag=t", false, false, true)]
    [TestCase("?producer=shop", false, false, true)]
    [TestCase("?from=1970-01-01T00:00:01Z", false, false, false)]
    public void Query_KnowsItsIndexAndWhetherItNeedsABound(string query, bool hasKey, bool hasIndexedState, bool passesOver) =>
        Parse(query)!.Should().BeEquivalentTo(new { HasKey = hasKey, HasIndexedState = hasIndexedState, PassesOver = passesOver }, options => options.IncludingInternalProperties().ExcludingMissingMembers());

    [TestCase("?state=done", "state")]
    [TestCase("?state=Prepared", "state")]
    [TestCase("?from=yesterday", "from")]
    [TestCase("?to=2026-13-01", "to")]
    [TestCase("?limit=0", "limit")]
    [TestCase("?limit=501", "limit")]
    [TestCase("?limit=-1", "limit")]
    [TestCase("?limit=1.5", "limit")]
    [TestCase("?cursor=x", "cursor")]
    [TestCase("?cursor=%21%21%21", "cursor")]
    [TestCase("?colour=red", "colour")]
    public void Parse_OfAWrongParameter_NamesIt(string query, string name)
    {
        var errors = new FieldErrors();

        Parse(query, errors: errors).Should().BeNull();
        errors.ByField.Keys.Should().Equal(name);
    }

    [Test]
    public void Parse_OfAnUnknownProducer_FindsNothing() => ProducerOf(Parse("?producer=nobody")!).Should().Be(-1);

    [TestCase("", 7)]
    [TestCase("?producer=shop", 7)]
    [TestCase("?producer=plain", -1)]
    [TestCase("?producer=nobody", -1)]
    public void Parse_ForAProducersKey_NeverLeavesItsOwnMessages(string query, long producerId) =>
        ProducerOf(Parse(query, onlyProducerId: 7)!).Should().Be(producerId);

    private static long? ProducerOf(MessageQuery query) => (long?)query.ToParameters().GetType().GetProperty("producerId")!.GetValue(query.ToParameters());

    private static MessageQuery? Parse(string query, long? onlyProducerId = null, FieldErrors? errors = null) =>
        MessageQuery.Parse(new QueryCollection(QueryHelpers.ParseQuery(query)), Preparing.Registry, onlyProducerId, errors ?? new FieldErrors());
}
