using FluentAssertions;
using NUnit.Framework;
using TxMsg.Server.Deliveries;

namespace TxMsg.Server.Tests.Deliveries;

public sealed class DeliveryStateMachineTests
{
    private static readonly Dictionary<(DeliveryState, DeliveryEvent), DeliveryState> Allowed = new()
    {
        [(DeliveryState.Pending, DeliveryEvent.Lease)] = DeliveryState.Leased,
        [(DeliveryState.Pending, DeliveryEvent.RetryNow)] = DeliveryState.Pending,
        [(DeliveryState.Leased, DeliveryEvent.Release)] = DeliveryState.Pending,
        [(DeliveryState.Leased, DeliveryEvent.Retry)] = DeliveryState.Pending,
        [(DeliveryState.Leased, DeliveryEvent.Acknowledge)] = DeliveryState.Delivered,
        [(DeliveryState.Leased, DeliveryEvent.DeadLetter)] = DeliveryState.DeadLettered,
        [(DeliveryState.DeadLettered, DeliveryEvent.Redeliver)] = DeliveryState.Pending,
        [(DeliveryState.Delivered, DeliveryEvent.Redeliver)] = DeliveryState.Pending,
        [(DeliveryState.Discarded, DeliveryEvent.Redeliver)] = DeliveryState.Pending,
        [(DeliveryState.DeadLettered, DeliveryEvent.Discard)] = DeliveryState.Discarded,
    };

    [Test]
    public void Next_OfEveryStateAndEvent_FollowsTheDesign()
    {
        foreach (var state in Enum.GetValues<DeliveryState>())
        foreach (var @event in Enum.GetValues<DeliveryEvent>())
            DeliveryStateMachine.Next(state, @event).Should().Be(Allowed.TryGetValue((state, @event), out var next) ? next : null, "{0} + {1}", state, @event);
    }

    [Test]
    public void IsFinal_OfAState_MeansThatOnlyAPersonWhoSendsItAgainLeadsOut()
    {
        foreach (var state in Enum.GetValues<DeliveryState>())
            state.IsFinal().Should().Be(Enum.GetValues<DeliveryEvent>().All(@event => @event == DeliveryEvent.Redeliver || DeliveryStateMachine.Next(state, @event) is null));
    }

    [Test]
    public void States_AsTheStoreHasThem_NeverChangeTheirNumbers() =>
        Enum.GetValues<DeliveryState>().Select(state => ((int)state, state.ToWire())).Should()
            .Equal((0, "pending"), (1, "leased"), (2, "delivered"), (3, "deadLettered"), (4, "discarded"));

    [Test]
    public void DeliveryResult_OfAnEventThatALeasedDeliveryDoesNotTake_IsRefused() =>
        FluentActions.Invoking(() => new DeliveryResult(Leasing.New(), DeliveryEvent.Discard)).Should().Throw<ArgumentException>();
}
