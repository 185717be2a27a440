using Dapper;
using TxMsg.Client.Consuming;
using TxMsg.Samples.Shop.Orders;
using TxMsg.Samples.Shop.Processes;

namespace TxMsg.Samples.Shop.Consumers;

/// <summary>Takes what was ordered from stock.</summary>
internal static class StockConsumer
{
    public static WebApplication Build(RoleOptions role)
    {
        // No key on OrderId: if anything came twice, this table would show it.
        var database = ServiceDatabase.Create(role, "CREATE TABLE IF NOT EXISTS StockMoves (OrderId TEXT, Article TEXT, Quantity INTEGER);");
        var builder = ConsumerHost.CreateBuilder(role, database, OrderService.OrdersTopic);
        var app = ConsumerHost.Build(builder);
        var crash = app.Services.GetRequiredService<CrashPoint>();
        app.MapTxMsgConsumer<Order>(ConsumerHost.Path, async (order, message, transaction, token) =>
        {
            await transaction.Connection!.ExecuteAsync(
                "INSERT INTO StockMoves VALUES (@id, @Article, @Quantity)", new { id = order.Id.ToString(), order.Article, order.Quantity }, transaction);
            crash.Reach(CrashPoint.BeforeCommit);
            return HandlingResult.Acknowledge;
        });
        return app;
    }
}
