using Dapper;
using Microsoft.Data.Sqlite;
using TxMsg.Client;
using TxMsg.Client.AspNetCore;
using TxMsg.Client.Coordinator;
using TxMsg.Client.Producing;
using TxMsg.Client.Producing.LocalMessages;
using TxMsg.Samples.Shop.Processes;

namespace TxMsg.Samples.Shop.Orders;

/// <summary>Takes orders. Its local transaction writes the order; what follows goes both ways that a producer has. Stock and budget hear of it by a
/// transactional message: a half message, the transaction, the verdict. Points go by the local message table: written in the same
/// transaction, sent by a relay afterwards.</summary>
internal static class OrderService
{
    public const string Producer = "shop";
    public const string OrdersTopic = "orders";
    public const string PointsTopic = "points";

    private const int SqliteBusy = 5;
    private const int SqliteConstraint = 19;

    public static WebApplication Build(RoleOptions role)
    {
        var database = ServiceDatabase.Create(role, """
            CREATE TABLE IF NOT EXISTS Orders (Id TEXT PRIMARY KEY, Article TEXT, Quantity INTEGER CHECK (Quantity BETWEEN 1 AND 100),
                Activity TEXT, Amount INTEGER, Customer TEXT, Points INTEGER);
            """);
        var builder = ServiceHost.CreateBuilder(role);
        builder.Services.AddSingleton<ICoordinatorClient>(provider => CrashBeforeVerdict.Client(role, provider.GetRequiredService<CrashPoint>()));
        builder.Services.AddTxMsgProducer(options =>
        {
            (options.Name, options.Coordinators, options.Secrets, options.Connect) = (Producer, [role.Coordinator], [role.Secret], database.Connect);
            (options.RegisterAtStart, options.CheckBackUrl) = (true, new Uri(role.Address, "check-back"));
            (options.CheckBackAfter, options.CheckBacks.Wait) = (TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(1));
        });
        builder.Services.AddTxMsgLocalMessages(options => (options.Lease, options.MaxBackoff) = (TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(1)));
        var app = ServiceHost.Build(builder);
        app.MapTxMsgCheckBack("/check-back");
        app.MapPost("/orders", (Order order, TransactionalProducer producer, LocalMessageTable messages, CrashPoint crash) =>
            PlaceAsync(order, database, producer, messages, crash));
        return app;
    }

    private static async Task<IResult> PlaceAsync(Order order, ServiceDatabase database, TransactionalProducer producer, LocalMessageTable messages, CrashPoint crash)
    {
        var key = order.Id.ToString();
        await using var connection = database.Connect();
        try
        {
            var sent = await producer.SendAsync(connection, Message.Json(OrdersTopic, order, key), async (transaction, token) =>
            {
                await connection.ExecuteAsync(
                    "INSERT INTO Orders VALUES (@key, @Article, @Quantity, @Activity, @Amount, @Customer, @Points)",
                    new { key, order.Article, order.Quantity, order.Activity, order.Amount, order.Customer, order.Points }, transaction);
                await messages.EnqueueAsync(transaction, Message.Json(PointsTopic, order, key), token);
                crash.Reach(CrashPoint.BeforeCommit);
            });
            return Results.Created($"/orders/{key}", new { order.Id, Verdict = sent.Verdict.ToString() });
        }
        catch (SqliteException exception) when (exception.SqliteErrorCode == SqliteConstraint)
        {
            return Results.Problem("The order is refused: " + exception.Message, statusCode: 422);
        }
        catch (Exception exception) when (exception is CoordinatorException or BarrierRejectedException or MessageDecidedException || IsBusy(exception))
        {
            // Nothing was begun, or it was rolled back; the coordinator may have asked before the transaction began, and was told that it
            // never will. The message is new with each try, so whoever gets this answer may try again.
            return Results.Problem(exception.Message, statusCode: 503);
        }
    }

    private static bool IsBusy(Exception exception) => exception is SqliteException { SqliteErrorCode: SqliteBusy };
}
