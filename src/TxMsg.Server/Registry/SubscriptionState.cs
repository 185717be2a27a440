namespace TxMsg.Server.Registry;

/// <summary>Whether a subscription receives; the numbers stand in the store.</summary>
public enum SubscriptionState
{
    /// <summary>Messages fan out to it, and its deliveries are sent.</summary>
    Active = 0,

    /// <summary>Messages fan out to it; its deliveries wait.</summary>
    Paused = 1,

    /// <summary>Gone for everyone; its rows wait for the purge.</summary>
    Deleted = 2,
}
