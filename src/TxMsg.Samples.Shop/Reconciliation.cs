using TxMsg.Samples.Shop.Processes;

namespace TxMsg.Samples.Shop;

/// <summary>Compares the orders with what followed them: to each order exactly one stock move, one budget entry and one credit of points, with the
/// order's own values, and none without an order. The order service's database is the truth.</summary>
internal sealed record Reconciliation(int Orders, IReadOnlyDictionary<string, int> Effects, IReadOnlyList<string> Differences)
{
    public static async Task<Reconciliation> OfAsync(Ledgers ledgers)
    {
        var orders = await ledgers.OrdersAsync();
        var effects = new Dictionary<string, int>();
        var differences = new List<string>();
        foreach (var consumer in RoleNames.Consumers)
        {
            var entries = await ledgers.EntriesAsync(consumer);
            effects[consumer] = entries.Count;
            differences.AddRange(Compare(consumer, orders.ToDictionary(order => order.OrderId, order => ValueOf(order, consumer)), entries));
        }

        return new Reconciliation(orders.Count, effects, differences);
    }

    /// <summary>What is missing, doubled, wrong or invented; then the sums, which must agree as well.</summary>
    internal static IEnumerable<string> Compare(string consumer, IReadOnlyDictionary<string, long> orders, IReadOnlyList<LedgerEntry> entries)
    {
        var byOrder = entries.ToLookup(entry => entry.OrderId);
        foreach (var (order, value) in orders)
        {
            var found = byOrder[order].ToArray();
            if (found.Length != 1) yield return $"{consumer}: order {order} has {found.Length} entries, not 1";
            else if (found[0].Value != value) yield return $"{consumer}: order {order} has {found[0].Value}, not {value}";
        }

        foreach (var invented in byOrder.Where(group => !orders.ContainsKey(group.Key))) yield return $"{consumer}: there is no order {invented.Key}";
        var (due, done) = (orders.Values.Sum(), entries.Sum(entry => entry.Value));
        if (due != done) yield return $"{consumer}: the sum is {done}, not {due}";
    }

    private static long ValueOf(OrderEntry order, string consumer) => consumer switch
    {
        RoleNames.Stock => order.Quantity,
        RoleNames.Budget => order.Amount,
        _ => order.Points,
    };
}
