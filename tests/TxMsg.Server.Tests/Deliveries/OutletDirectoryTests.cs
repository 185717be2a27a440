using FluentAssertions;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;
using TxMsg.Server.Deliveries;
using TxMsg.Server.Registry;
using TxMsg.Server.Tests.Webhooks;

namespace TxMsg.Server.Tests.Deliveries;

public sealed class OutletDirectoryTests
{
    private readonly FakeTimeProvider time = new();
    private OutletDirectory directory = null!;

    [SetUp]
    public void Make() => directory = new OutletDirectory(new Lazy<IDeliveryWorker>(new ScriptedWorker()), time);

    [Test]
    public void TryReserve_OverAllSubscriptions_EndsAtTheNodesBound()
    {
        var reserved = 0;
        for (var id = 1; id <= 30; id++)
        {
            directory[id].Backoff.Succeeded();
            while (directory.TryReserve(New(id)) is not null) reserved++;
        }

        reserved.Should().Be(20_000);
        directory.Held.Should().Be(20_000);
        directory[1].Held.Should().Be(8192);
        directory[1].CancelReservation();
        directory.TryReserve(New(30)).Should().NotBeNull("what one gives back another may have");
    }

    [Test]
    public void TryReserve_ForEndpointsThatDoNotAnswer_LeavesRoomForTheOthers()
    {
        for (var id = 1; id <= 30; id++)
            while (directory.TryReserve(New(id)) is not null) { }

        directory.Held.Should().Be(15_000);
        directory[99].Backoff.Succeeded();
        directory.TryReserve(New(99)).Should().NotBeNull();
        directory[99].Backoff.Failed(time.GetUtcNow(), [10], Guid.NewGuid());
        directory.TryReserve(New(99)).Should().BeNull();
    }

    [Test]
    public void TryReserve_ForAnEndpointThatMayBeTriedAgain_TakesAFew()
    {
        for (var i = 0; i < EndpointBackoff.Threshold; i++) directory[1].Backoff.Failed(time.GetUtcNow(), [10], Guid.NewGuid());
        time.Advance(TimeSpan.FromSeconds(10));

        for (var i = 0; i < 4; i++) directory.TryReserve(New(1)).Should().NotBeNull();
        directory.TryReserve(New(1)).Should().BeNull();
    }

    [TestCase(SubscriptionState.Paused)]
    [TestCase(SubscriptionState.Deleted)]
    public void TryReserve_OfASubscriptionThatIsNotActive_IsRefused(SubscriptionState state) =>
        directory.TryReserve(New(1) with { State = state }).Should().BeNull();

    [Test]
    public void TryReserve_WhileTheEndpointIsBackedOff_IsRefused()
    {
        for (var i = 0; i < EndpointBackoff.Threshold; i++) directory[1].Backoff.Failed(time.GetUtcNow(), [10], Guid.NewGuid());

        directory.TryReserve(New(1)).Should().BeNull();
        directory.TryReserve(New(2)).Should().NotBeNull();
        time.Advance(TimeSpan.FromSeconds(10));
        directory.TryReserve(New(1)).Should().NotBeNull();
    }

    [Test]
    public void TryReserve_OnceClosed_IsRefused()
    {
        directory.Close();

        directory.TryReserve(New(1)).Should().BeNull();
    }

    [Test]
    public void Holds_OfADeliveryThatWasLeasedAnew_IsTrueForTheNewOneOnly()
    {
        var old = Leasing.New();
        var again = new LeasedDelivery
        {
            Id = old.Id, MessageSeq = 1, MessageId = old.MessageId, ProducerId = 1, SubscriptionId = 1, Topic = "t", CommittedAt = 0, LeaseToken = 2, LeasedUntil = 1,
        };
        directory.Track(old);
        directory.Track(again);

        directory.Holds(old).Should().BeFalse();
        directory.Untrack(old);
        directory.Holds(again).Should().BeTrue("the older holder's end must not end the new lease");
    }

    [Test]
    public void TryLetGo_OfALeaseThatHasEnded_GivesItUp_UnlessThisNodeHasTakenItAnew()
    {
        var (ended, takenAnew) = (Leasing.New(), Leasing.New());
        directory.Track(ended);
        directory.Track(takenAnew);
        ended.LeasedUntil = takenAnew.LeasedUntil = 10;
        directory.TryGoOn(Leasing.Again(takenAnew, leaseToken: 2, leasedUntil: 20)).Should().BeTrue();

        directory.TryLetGo(ended, now: 10).Should().BeTrue();
        directory.TryLetGo(takenAnew, now: 10).Should().BeFalse();

        directory.Leased.Should().Equal(takenAnew);
        directory.TryGoOn(Leasing.Again(ended, leaseToken: 2, leasedUntil: 20)).Should().BeFalse("whoever takes it now sends it");
    }

    [Test]
    public void TryGoOn_WithADeliveryThatWasGivenBack_LeavesItToTheClaim()
    {
        var delivery = Leasing.New();
        directory.Track(delivery);
        OutletDirectory.NoteGivenBack(delivery);

        directory.TryGoOn(Leasing.Again(delivery, leaseToken: 2, leasedUntil: 20)).Should().BeFalse("nobody sends what is given back");

        delivery.LeaseToken.Should().Be(1);
    }

    [Test]
    public void Wake_FromManyThreads_NeverThrows() => Parallel.For(0, 10_000, _ => directory.Wake());

    private static Subscription New(long id) => new()
    {
        Id = id, Name = "s" + id, Topic = "t", Endpoint = new Uri("http://127.0.0.1/"), Secrets = new SigningSecrets(Sending.Secret),
        State = SubscriptionState.Active, CreatedAt = default, UpdatedAt = default,
    };
}
