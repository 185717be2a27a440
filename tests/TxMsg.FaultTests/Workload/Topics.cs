namespace TxMsg.FaultTests.Workload;

/// <summary>Who listens to what, in every run.</summary>
internal static class Topics
{
    public const string Orders = "orders";
    public const string Stock = "stock";

    /// <summary>Billing and points hear of orders; the warehouse hears of stock, in order.</summary>
    public static IReadOnlyList<string> Consumers { get; } = ["billing", "points", "warehouse"];

    public const byte Billing = 0;
    public const byte Points = 1;
    public const byte Warehouse = 2;
}
