using Dapper;
using Microsoft.AspNetCore.Builder;
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
        app.MapPost("/orders", (Order order, TransactionalProducer producer) => producer.SendAsync(Connect(), Message.Json("orders", order),
            (transaction, token) => transaction.Connection!.ExecuteAsync("INSERT INTO Orders VALUES (@Id, @Text)", order, transaction)));
        // README: end
        return app;
    }

    public sealed record Order(long Id, string Text);
}
