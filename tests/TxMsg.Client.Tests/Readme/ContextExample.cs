using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using TxMsg.Client.EntityFrameworkCore;
using TxMsg.Client.Producing;

namespace TxMsg.Client.Tests.Readme;

/// <summary>The endpoint over EF Core of the package's README.</summary>
internal static class ContextExample
{
    public static void Map(WebApplication app)
    {
        // README: ef
        app.MapPost("/orders", async (Order order, TransactionalProducer producer, ShopContext context) =>
        {
            await producer.SendAsync(context, Message.Json("orders", order), async token =>
            {
                context.Orders.Add(order);
                await context.SaveChangesAsync(token);
            });
            return Results.Created($"/orders/{order.Id}", order);
        });
        // README: end
    }

    public sealed record Order(long Id, string Text);

    public sealed class ShopContext(DbContextOptions<ShopContext> options) : DbContext(options)
    {
        public DbSet<Order> Orders => Set<Order>();
    }
}
