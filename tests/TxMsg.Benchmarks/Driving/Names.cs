namespace TxMsg.Benchmarks.Driving;

/// <summary>What the driver registers at the server it drives.</summary>
internal static class Names
{
    public const string Producer = "bench-orders";
    public const string Topic = "bench.order.placed";
    public const string Subscription = "bench-shipping";
}
