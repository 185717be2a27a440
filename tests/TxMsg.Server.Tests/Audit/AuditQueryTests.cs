using FluentAssertions;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using NUnit.Framework;
using TxMsg.Server.Audit;
using TxMsg.Server.Http;
using TxMsg.Server.Transactions;

namespace TxMsg.Server.Tests.Audit;

public sealed class AuditQueryTests
{
    [TestCase("action", "redelivered", "One of commit, rollback, checkBack, redeliver, retryNow, discard, createProducer*")]
    [TestCase("message", "4711", "The id of a message is required.")]
    [TestCase("from", "yesterday", "A time in ISO 8601 is required.")]
    [TestCase("to", "soon", "A time in ISO 8601 is required.")]
    [TestCase("limit", "0", "A whole number from 1 to 500.")]
    [TestCase("limit", "501", "A whole number from 1 to 500.")]
    [TestCase("cursor", "first", "This is not a cursor of this list.")]
    [TestCase("who", "me", "This parameter is not known.")]
    public void Parse_WhatIsWrong_NamesTheParameter(string name, string value, string expected)
    {
        var errors = new FieldErrors();

        AuditQuery.Parse(Values((name, value)), errors).Should().BeNull();

        errors.ByField[name].Single().Should().Match(expected);
    }

    [Test]
    public void Parse_Everything_IsKept()
    {
        var id = Guid.CreateVersion7();
        var query = AuditQuery.Parse(
            Values(("actor", "admin:1"), ("action", "redeliver"), ("producer", "shop"), ("subscription", "billing"), ("message", $"{id}"), ("from", "2026-01-01T00:00:00Z"), ("limit", "7")),
            new FieldErrors())!;

        (query.Actor, query.Action, query.Producer, query.Subscription, query.Message, query.Limit).Should().Be(("admin:1", "redeliver", "shop", "billing", id, 7));
        query.From.Should().Be(DateTimeOffset.Parse("2026-01-01T00:00:00Z", System.Globalization.CultureInfo.InvariantCulture).ToUnixTimeMilliseconds());
        query.Start.Should().Be(MessageCursor.Start);
    }

    [TestCase(999, 999, 5)]
    [TestCase(1000, 1000, 0)]
    [TestCase(2000, 1000, 0)]
    public void Start_IsTheEarlierOfCursorAndEnd(long cursorAt, long at, long id)
    {
        var query = AuditQuery.Parse(Values(("to", "1970-01-01T00:00:01Z"), ("cursor", $"{new MessageCursor(cursorAt, 5)}")), new FieldErrors())!;

        query.Start.Should().Be(new MessageCursor(at, id));
    }

    [TestCase("admin:1", "billing", true)]
    [TestCase("Admin:1", "billing", false)]
    [TestCase("admin:1", "billing~7", true)]
    [TestCase("admin:1", "billing2", false)]
    [TestCase("admin:1", null, false)]
    public void Wants_ComparesExactlyAndKnowsTheNamesOfTheDeleted(string actor, string? subscription, bool expected)
    {
        var query = AuditQuery.Parse(Values(("actor", "admin:1"), ("subscription", "billing")), new FieldErrors())!;

        query.Wants(new AuditRow { Actor = actor, Subscription = subscription }).Should().Be(expected);
    }

    private static QueryCollection Values(params (string Name, string Value)[] values) =>
        new(values.ToDictionary(pair => pair.Name, pair => new StringValues(pair.Value)));
}
