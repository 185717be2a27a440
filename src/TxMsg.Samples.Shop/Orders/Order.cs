namespace TxMsg.Samples.Shop.Orders;

/// <summary>An order, and the payload of its messages.</summary>
/// <param name="Id">Made by the customer.</param>
/// <param name="Article">What stock is moved of.</param>
/// <param name="Quantity">1 to 100; the order service's table refuses anything else.</param>
/// <param name="Activity">The promotion whose budget pays.</param>
/// <param name="Amount">What it costs that budget, in cents.</param>
/// <param name="Customer">Who gets the points.</param>
/// <param name="Points">How many.</param>
internal sealed record Order(Guid Id, string Article, long Quantity, string Activity, long Amount, string Customer, long Points);
