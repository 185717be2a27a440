using TxMsg.Client.Consuming;

namespace TxMsg.Client.Testing.Tests;

/// <summary>What a consumer meets.</summary>
public sealed class DeliveryTests : InMemoryFixture
{
    [Test]
    public async Task Delivery_IsMadeWhenTheTestSaysSo_AndVerifiedByTheConsumer()
    {
        await SubscribeAsync();
        await Coordinator.SendAsync("shop", new Message("orders", "a"u8.ToArray()) { Key = "grün", Headers = new Dictionary<string, string> { ["x"] = "1" } });
        Coordinator.Deliveries.Should().ContainSingle().Which.State.Should().Be("pending");

        await Coordinator.DeliverAsync();

        Handled.Should().Equal("a");
        Coordinator.Deliveries.Should().ContainSingle().Which.Resource.Should().BeEquivalentTo(new { Subscription = "stock", State = "delivered", Attempts = 1, LastStatus = 204 });
    }

    [Test]
    public async Task HalfMessage_IsNeverDelivered_AndOneThatIsRolledBackNeither()
    {
        await SubscribeAsync();
        await Coordinator.PrepareAsync("shop", Text("half"));
        await Coordinator.RollbackAsync((await Coordinator.PrepareAsync("shop", Text("not"))).Id);

        await Coordinator.AdvanceAsync(TimeSpan.FromDays(4));

        Handled.Should().BeEmpty();
        Coordinator.Messages.Select(message => message.State).Should().Equal("parked", "rolledBack");
    }

    [Test]
    public async Task Failures_AreRetriedOnSchedule_UntilItIsADeadLetter_WhichBeginsAgainWhenItIsRedelivered()
    {
        await SubscribeAsync(schedule: [10, 30], results: [.. Enumerable.Repeat(HandlingResult.Retry(), 4)]);
        var began = Coordinator.Time.GetUtcNow();
        await Coordinator.SendAsync("shop", Text("a"));

        await Coordinator.AdvanceAsync(TimeSpan.FromMinutes(1));
        Coordinator.Deliveries.Single().State.Should().Be("deadLettered");
        (await Coordinator.RegisterSubscriptionAsync("other", new() { Topic = "x", Endpoint = "http://x.test" })).DeadLettered.Should().Be(0);
        Coordinator.FindSubscription("stock")!.DeadLettered.Should().Be(1);
        Coordinator.Redeliver("stock").Should().Be(1);
        await Coordinator.AdvanceAsync(TimeSpan.FromMinutes(1));

        AttemptSeconds(began).Should().Equal(0, 10, 40, 60, 70);
        Coordinator.Attempts.Select(attempt => (attempt.Attempt, attempt.Status)).Should().Equal((1, 500), (2, 500), (3, 500), (4, 500), (5, 204));
        Coordinator.Deliveries.Single().State.Should().Be("delivered");
    }

    [Test]
    public async Task Retry_WithADelay_IsObeyed()
    {
        await SubscribeAsync(schedule: [10], results: HandlingResult.Retry(TimeSpan.FromMinutes(5)));
        var began = Coordinator.Time.GetUtcNow();
        await Coordinator.SendAsync("shop", Text("a"));

        await Coordinator.AdvanceAsync(TimeSpan.FromMinutes(10));

        AttemptSeconds(began).Should().Equal(0, 300);
    }

    [Test]
    public async Task Reject_IsADeadLetterAtOnce_WithItsReason_AndCanBeDiscarded()
    {
        await SubscribeAsync(results: HandlingResult.Reject("no such order"));
        await Coordinator.SendAsync("shop", Text("a"));

        await Coordinator.DeliverAsync();

        Coordinator.Deliveries.Single().Resource.Should().BeEquivalentTo(new { State = "deadLettered", Attempts = 1, LastStatus = 422, LastError = "no such order" });
        Coordinator.Discard("stock", Guid.CreateVersion7()).Should().Be(0);
        Coordinator.Discard("stock").Should().Be(1);
        Coordinator.Redeliver("stock").Should().Be(0);
        Coordinator.Deliveries.Single().State.Should().Be("discarded");
    }

    [Test]
    public async Task OrderedSubscription_HoldsBackTheKeyThatFails_AndNoOther()
    {
        await SubscribeAsync(schedule: [10], ordered: true, results: HandlingResult.Retry());
        foreach (var text in new[] { "a1", "b1", "a2" }) await Coordinator.SendAsync("shop", Text(text, orderingKey: text[..1]));

        await Coordinator.DeliverAsync();
        Handled.Should().Equal("a1", "b1");
        await Coordinator.AdvanceAsync(TimeSpan.FromSeconds(10));

        Handled.Should().Equal("a1", "b1", "a1", "a2");
    }

    [Test]
    public async Task DeadLetter_OfAnOrderingKey_LetsTheNextPass_AndWaitsItsTurnWhenItComesBack()
    {
        await SubscribeAsync(schedule: [10], ordered: true, results: [HandlingResult.Reject("no"), HandlingResult.Retry()]);
        foreach (var text in new[] { "1", "2", "3" }) await Coordinator.SendAsync("shop", Text(text, orderingKey: "k"));
        await Coordinator.DeliverAsync();
        Handled.Should().Equal("1", "2");

        Coordinator.Redeliver("stock");
        await Coordinator.AdvanceAsync(TimeSpan.FromSeconds(10));

        Handled.Should().Equal("1", "2", "2", "1", "3");
    }

    [Test]
    public async Task Delay_CountsFromTheCommit()
    {
        await SubscribeAsync();
        var id = (await Coordinator.PrepareAsync("shop", Text("a", delay: TimeSpan.FromSeconds(20)))).Id;
        await Coordinator.AdvanceAsync(TimeSpan.FromSeconds(15));
        await Coordinator.CommitAsync(id);

        await Coordinator.AdvanceAsync(TimeSpan.FromSeconds(19));
        Handled.Should().BeEmpty();
        await Coordinator.AdvanceAsync(TimeSpan.FromSeconds(1));

        Handled.Should().Equal("a");
    }

    [Test]
    public async Task Duplicates_AreSent_AndTheInboxCatchesThem()
    {
        await SubscribeAsync(schedule: [10]);
        Coordinator.DuplicateNextDelivery("stock");
        Coordinator.LoseNextAcknowledgement("stock");
        await Coordinator.SendAsync("shop", Text("a"));

        await Coordinator.AdvanceAsync(TimeSpan.FromSeconds(10));

        Handled.Should().Equal("a");
        Coordinator.Attempts.Select(attempt => (attempt.Attempt, attempt.Status)).Should().Equal((1, 204), (1, 204), (2, 204));
        Coordinator.Deliveries.Single().Resource.Should().BeEquivalentTo(new { State = "delivered", Attempts = 2 });
    }

    [Test]
    public async Task BusyDatabase_HasTheDeliveryComeBackBySchedule()
    {
        await SubscribeAsync(schedule: [10]);
        await Coordinator.SendAsync("shop", Text("a"));
        await using (var other = Connect())
        {
            await other.OpenAsync();
            await using var writing = other.BeginTransaction();
            await Task.Run(() => Coordinator.DeliverAsync()).WaitAsync(TimeSpan.FromMinutes(1));
        }

        await Coordinator.AdvanceAsync(TimeSpan.FromSeconds(9));
        Handled.Should().BeEmpty();
        await Coordinator.AdvanceAsync(TimeSpan.FromSeconds(1));

        Handled.Should().Equal("a");
        Coordinator.Attempts.Select(attempt => attempt.Status).Should().Equal(503, 204);
    }

    [Test]
    public async Task Gone_PausesTheSubscription_UntilItIsResumed()
    {
        await SubscribeAsync();
        Coordinator.Receive("stock", (_, _) => Task.FromResult(new DeliveryAnswer(410)));
        await Coordinator.SendAsync("shop", Text("a"));
        await Coordinator.SendAsync("shop", Text("b"));

        await Coordinator.AdvanceAsync(TimeSpan.FromHours(1));
        Coordinator.FindSubscription("stock").Should().BeEquivalentTo(new { State = "paused", Pending = 1L, DeadLettered = 1L });
        Coordinator.Attempts.Should().ContainSingle();
        await SubscribeAsync();
        Coordinator.Resume("stock");
        await Coordinator.DeliverAsync();

        Handled.Should().Equal("b");
    }

    [Test]
    public async Task WrongSecret_IsRefusedByTheConsumer_AndTheHandlerNeverSeesIt()
    {
        await SubscribeAsync();
        await Coordinator.RegisterSubscriptionAsync("other", new() { Topic = "orders", Endpoint = "http://x.test" });
        Coordinator.Receive("other", Consumer, (_, _, _) => throw new InvalidOperationException("A handler saw it."));
        await Coordinator.SendAsync("shop", Text("a"));

        await Coordinator.DeliverAsync();

        Coordinator.Attempts.Select(attempt => (attempt.Subscription, attempt.Status)).Should().Equal(("stock", 204), ("other", 401));
    }

    [Test]
    public async Task RotatedSecret_SignsBesideTheNewOneForADay()
    {
        await SubscribeAsync(schedule: [90_000], results: HandlingResult.Retry());
        await Coordinator.RegisterSubscriptionAsync("stock", new()
        {
            Topic = "orders", Endpoint = "http://x.test", RetryScheduleSeconds = [90_000], Secret = Contracts.Signatures.WebhookSecret.Generate().Reveal(),
        });
        await Coordinator.SendAsync("shop", Text("a"));

        await Coordinator.AdvanceAsync(TimeSpan.FromHours(26));

        Coordinator.Attempts.Select(attempt => attempt.Status).Should().Equal(500, 401);
    }

    [Test]
    public async Task HandlersMaySend_ButNotAdvance()
    {
        await SubscribeAsync();
        await Coordinator.RegisterSubscriptionAsync("sender", new() { Topic = "first", Endpoint = "http://x.test", Secret = Secret });
        Coordinator.Receive("sender", Consumer, async (_, cancellationToken) =>
        {
            await Coordinator.SendAsync("shop", Text("follow-up"), cancellationToken);
            await Coordinator.Invoking(coordinator => coordinator.DeliverAsync(cancellationToken)).Should().ThrowAsync<InvalidOperationException>();
            return HandlingResult.Acknowledge;
        });
        await Coordinator.SendAsync("shop", new Message("first", default));

        await Coordinator.DeliverAsync();

        Handled.Should().Equal("follow-up");
        Coordinator.Attempts.Select(attempt => attempt.Status).Should().Equal(204, 204);
    }
}
