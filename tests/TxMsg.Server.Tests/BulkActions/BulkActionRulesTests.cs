using FluentAssertions;
using NUnit.Framework;
using TxMsg.Contracts.Operations;
using TxMsg.Server.Audit;
using TxMsg.Server.BulkActions;
using TxMsg.Server.Http;
using TxMsg.Server.Registry;
using TxMsg.Server.Tests.Hosted;

namespace TxMsg.Server.Tests.BulkActions;

public sealed class BulkActionRulesTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 1, 12, 0, 0, TimeSpan.Zero);

    private TestStore store = null!;

    [OneTimeSetUp]
    public async Task OpenAsync() => store = await TestStore.OpenAsync();

    [OneTimeTearDown]
    public async Task CloseAsync() => await store.DisposeAsync();

    [Test]
    public void EveryKind_HasAnActionOfTheAudit() =>
        Enum.GetValues<BulkActionKind>().Select(kind => kind.ToAction()).Should().OnlyHaveUniqueItems().And.BeSubsetOf(AuditActions.All);

    [TestCase("redeliver", BulkActionKind.Redeliver, 50)]
    [TestCase("discard", BulkActionKind.Discard, 500)]
    public void Check_OfDeadLetters_ResolvesTheSubscription(string kind, BulkActionKind expected, int perSecond)
    {
        var plan = Check(new BulkActionRequest { Kind = kind, Filter = new BulkActionFilter { Subscription = "stock", Error = "x", LastStatus = 500 }, Reason = "r" });

        plan.Should().BeEquivalentTo(new { Kind = expected, SubscriptionId = 2L, ProducerId = (long?)null, PerSecond = perSecond });
    }

    [TestCase("checkBack", 50)]
    [TestCase("commit", 50)]
    [TestCase("rollback", 500)]
    public void Check_OfUndecidedMessages_ResolvesTheProducer(string kind, int perSecond)
    {
        var plan = Check(new BulkActionRequest { Kind = kind, Filter = new BulkActionFilter { Producer = "shop", State = "parked", OlderThanSeconds = 60 }, Reason = "r" });

        plan.Should().BeEquivalentTo(new { SubscriptionId = (long?)null, ProducerId = 1L, PerSecond = perSecond });
    }

    [TestCase("orders/eu")]
    [TestCase("订单")]
    public void Check_OfAnyTopicThatAMessageMayHave_TakesIt(string topic) =>
        Check(new BulkActionRequest { Kind = "rollback", Filter = new BulkActionFilter { Topic = topic }, Reason = "r" }).Should().NotBeNull();

    [TestCase("")]
    [TestCase("a\nb")]
    public void Check_OfATopicThatNoMessageHas_NamesIt(string topic) =>
        ErrorsOf("rollback", new BulkActionFilter { Topic = topic }).Should().Equal("filter.topic");

    [Test]
    public void Check_OfAWrongRequest_NamesEachField()
    {
        ErrorsOf("purge", new BulkActionFilter()).Should().Equal("kind");
        ErrorsOf("redeliver", new BulkActionFilter()).Should().Equal("filter.subscription");
        ErrorsOf("redeliver", new BulkActionFilter { Subscription = "nobody" }).Should().Equal("filter.subscription");
        ErrorsOf("redeliver", new BulkActionFilter { Subscription = "stock", Producer = "shop", Topic = "t", State = "parked", OlderThanSeconds = 1 })
            .Should().BeEquivalentTo("filter.producer", "filter.topic", "filter.state", "filter.olderThanSeconds");
        ErrorsOf("checkBack", new BulkActionFilter { Subscription = "stock", Error = "x", LastStatus = 500, DeadLetteredAfter = Noon })
            .Should().BeEquivalentTo("filter.subscription", "filter.error", "filter.lastStatus", "filter.deadLetteredAfter");
        ErrorsOf("discard", new BulkActionFilter { Subscription = "stock", MessageIds = [Guid.NewGuid()], LastStatus = 500 }).Should().Equal("filter.lastStatus");
        ErrorsOf("discard", new BulkActionFilter { Subscription = "stock", MessageIds = [] }).Should().Equal("filter.messageIds");
        ErrorsOf("discard", new BulkActionFilter { Subscription = "stock", MessageIds = Enumerable.Range(0, 1001).Select(_ => Guid.NewGuid()).ToArray() }).Should().Equal("filter.messageIds");
        ErrorsOf("discard", new BulkActionFilter { Subscription = "stock", DeadLetteredAfter = Noon, DeadLetteredBefore = Noon }).Should().Equal("filter.deadLetteredBefore");
        ErrorsOf("discard", new BulkActionFilter { Subscription = "stock", LastStatus = 99, Error = "" }).Should().BeEquivalentTo("filter.lastStatus", "filter.error");
        ErrorsOf("commit", new BulkActionFilter()).Should().Equal("filter");
        ErrorsOf("rollback", new BulkActionFilter { State = "parked" }).Should().Equal("filter");
        ErrorsOf("commit", new BulkActionFilter { Producer = "nobody", State = "committed", OlderThanSeconds = -1 }).Should().BeEquivalentTo("filter.producer", "filter.state", "filter.olderThanSeconds");
        ErrorsOf("checkBack", new BulkActionFilter()).Should().BeEmpty();
    }

    [TestCase(-1)]
    [TestCase(315_360_001)]
    [TestCase(double.NaN)]
    [TestCase(double.PositiveInfinity)]
    [TestCase(double.NegativeInfinity)]
    public void Check_OfAnAgeOutOfRange_IsRefused(double seconds) =>
        ErrorsOf("checkBack", new BulkActionFilter { OlderThanSeconds = seconds }).Should().Equal("filter.olderThanSeconds");

    [TestCase(null)]
    [TestCase("")]
    [TestCase("  ")]
    public void Check_WithoutAReason_IsRefusedExceptToCount(string? reason)
    {
        var request = new BulkActionRequest { Kind = "discard", Filter = new BulkActionFilter { Subscription = "stock" }, Reason = reason };
        var errors = new FieldErrors();

        BulkActionRules.Check(request, store.Registry.Current, needsReason: true, errors).Should().BeNull();
        errors.ByField.Keys.Should().Equal("reason");
        BulkActionRules.Check(request, store.Registry.Current, needsReason: false, new FieldErrors()).Should().NotBeNull();
    }

    [TestCase(0)]
    [TestCase(1001)]
    public void Check_OfARateOutOfRange_IsRefused(int perSecond)
    {
        var errors = new FieldErrors();
        var request = new BulkActionRequest { Kind = "discard", Filter = new BulkActionFilter { Subscription = "stock" }, Reason = new string('r', 1001), PerSecond = perSecond };

        BulkActionRules.Check(request, store.Registry.Current, needsReason: true, errors).Should().BeNull();
        errors.ByField.Keys.Should().BeEquivalentTo("perSecond", "reason");
    }

    private BulkActionPlan Check(BulkActionRequest request)
    {
        var errors = new FieldErrors();
        var plan = BulkActionRules.Check(request, store.Registry.Current, needsReason: true, errors);
        errors.ByField.Should().BeEmpty();
        return plan!;
    }

    private IEnumerable<string> ErrorsOf(string kind, BulkActionFilter filter)
    {
        var errors = new FieldErrors();
        var plan = BulkActionRules.Check(new BulkActionRequest { Kind = kind, Filter = filter, Reason = "r" }, store.Registry.Current, needsReason: true, errors);
        (plan is null).Should().Be(!errors.IsEmpty);
        return errors.ByField.Keys;
    }
}
