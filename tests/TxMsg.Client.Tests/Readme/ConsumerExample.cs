using Dapper;
using Microsoft.AspNetCore.Builder;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using TxMsg.Client.Consuming;

namespace TxMsg.Client.Tests.Readme;

/// <summary>The consumer of the package's README.</summary>
internal static class ConsumerExample
{
    public static WebApplication Build(WebApplicationBuilder builder, string secret, Func<SqliteConnection> Connect)
    {
        // README: consumer
        builder.Services.AddTxMsgConsumer(o => (o.Secrets, o.Connect) = ([secret], Connect));
        var app = builder.Build();
        app.MapTxMsgConsumer<Order>("/orders", async (order, message, transaction, token) =>
            await transaction.Connection!.ExecuteAsync("UPDATE Stock SET Count = Count - 1 WHERE Id = @Id", order, transaction) == 1
                ? HandlingResult.Acknowledge : HandlingResult.Reject("no such article"));
        // README: end
        return app;
    }

    public sealed record Order(long Id);
}
