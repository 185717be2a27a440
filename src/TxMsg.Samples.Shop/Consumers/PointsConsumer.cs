using Dapper;
using TxMsg.Client.Consuming;
using TxMsg.Samples.Shop.Orders;
using TxMsg.Samples.Shop.Processes;

namespace TxMsg.Samples.Shop.Consumers;

/// <summary>Credits the customer's points. It cannot tell, and need not, that these messages came by the local message table.</summary>
internal static class PointsConsumer
{
    public static WebApplication Build(RoleOptions role)
    {
        var database = ServiceDatabase.Create(role, "CREATE TABLE IF NOT EXISTS PointEntries (OrderId TEXT, Customer TEXT, Points INTEGER);");
        var builder = ConsumerHost.CreateBuilder(role, database, OrderService.PointsTopic);
        var app = ConsumerHost.Build(builder);
        app.MapTxMsgConsumer<Order>(ConsumerHost.Path, async (order, message, transaction, token) =>
        {
            await transaction.Connection!.ExecuteAsync(
                "INSERT INTO PointEntries VALUES (@id, @Customer, @Points)", new { id = order.Id.ToString(), order.Customer, order.Points }, transaction);
            return HandlingResult.Acknowledge;
        });
        return app;
    }
}
