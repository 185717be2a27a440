using TxMsg.Server.Registry;

namespace TxMsg.Server.Deliveries;

/// <summary>A committed message's way to each subscription.</summary>
public sealed class FannedOut
{
    // Mostly there is one.
    private readonly List<Way> ways = new(1);

    /// <summary>One entry a subscription.</summary>
    public IReadOnlyList<Way> Ways => ways;

    internal void Add(Way way) => ways.Add(way);

    /// <summary>The transaction did not commit: nobody will send these.</summary>
    internal void GiveBack()
    {
        foreach (var way in ways) way.Outlet?.GiveBack(way.Leased!);
        ways.Clear();
    }

    /// <summary>The message's way to one subscription: sent at once by <paramref name="Outlet"/>, or left to its due time.</summary>
    public readonly record struct Way(Subscription Subscription, DeliveryState State, long DueAt, LeasedDelivery? Leased, SubscriptionOutlet? Outlet);
}
