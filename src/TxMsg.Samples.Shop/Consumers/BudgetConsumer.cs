using Dapper;
using TxMsg.Client.Consuming;
using TxMsg.Samples.Shop.Orders;
using TxMsg.Samples.Shop.Processes;

namespace TxMsg.Samples.Shop.Consumers;

/// <summary>Charges the budget of an activity. An activity that it does not know may yet be opened, so it asks for another try, until
/// the delivery is a dead letter and a person sees to it.</summary>
internal static class BudgetConsumer
{
    public const string KnownActivity = "spring";

    public static WebApplication Build(RoleOptions role)
    {
        var database = ServiceDatabase.Create(role, $"""
            CREATE TABLE IF NOT EXISTS Activities (Name TEXT PRIMARY KEY, Spent INTEGER);
            CREATE TABLE IF NOT EXISTS BudgetEntries (OrderId TEXT, Activity TEXT, Amount INTEGER);
            INSERT OR IGNORE INTO Activities VALUES ('{KnownActivity}', 0);
            """);
        var builder = ConsumerHost.CreateBuilder(role, database, OrderService.OrdersTopic);
        var app = ConsumerHost.Build(builder);
        app.MapTxMsgConsumer<Order>(ConsumerHost.Path, async (order, message, transaction, token) =>
        {
            var charged = await transaction.Connection!.ExecuteAsync(
                "UPDATE Activities SET Spent = Spent + @Amount WHERE Name = @Activity", new { order.Amount, order.Activity }, transaction);
            if (charged == 0) return HandlingResult.Retry();
            await transaction.Connection!.ExecuteAsync(
                "INSERT INTO BudgetEntries VALUES (@id, @Activity, @Amount)", new { id = order.Id.ToString(), order.Activity, order.Amount }, transaction);
            return HandlingResult.Acknowledge;
        });
        app.MapPost("/activities/{name}", async (string name) =>
        {
            await using var connection = database.Connect();
            await connection.ExecuteAsync("INSERT OR IGNORE INTO Activities VALUES (@name, 0)", new { name });
        });
        return app;
    }
}
