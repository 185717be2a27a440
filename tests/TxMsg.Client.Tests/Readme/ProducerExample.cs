using Dapper;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using TxMsg.Client.AspNetCore;
using TxMsg.Client.Producing;

namespace TxMsg.Client.Tests.Readme;

/// <summary>The producer of the package's README.</summary>
internal static class ProducerExample
{
    public static WebApplication Build(WebApplicationBuilder builder, Uri coordinator, string secret, Func<SqliteConnection> Connect)
    {
        // README: producer
        builder.Services.AddTxMsgProducer(o => (o.Name, o.Coordinators, o.Secrets, o.Connect) = ("shop", [coordinator], [secret], Connect));
        var app = builder.Build();
        app.MapTxMsgCheckBack("/check-back");
        app.MapPost("/orders", async (Order order, TransactionalProducer producer) =>
        {
            await using var connection = Connect();
            await producer.SendAsync(connection, Message.Json("orders", order), async (transaction, token) =>
            {
                await transaction.Connection!.ExecuteAsync("INSERT INTO Orders VALUES (@Id, @Text)", order, transaction);
            });
            return Results.Created($"/orders/{order.Id}", order);
        });
        // README: end
        return app;
    }

    public sealed record Order(long Id, string Text);
}
