using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace TxMsg.Server.Tests.Observability;

/// <summary>Takes whatever an exporter sends, and remembers what was called.</summary>
internal sealed class Collector : IAsyncDisposable
{
    private readonly WebApplication app;

    private Collector(WebApplication app) => this.app = app;

    public Uri Address => new(app.Urls.Single());

    /// <summary>Methods and paths.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    public static async Task<Collector> OpenAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var collector = new Collector(builder.Build());
        collector.app.Run(collector.TakeAsync);
        await collector.app.StartAsync();
        return collector;
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private Task TakeAsync(HttpContext context)
    {
        Requests.Enqueue($"{context.Request.Method} {context.Request.Path}");
        return Task.CompletedTask;
    }
}
