using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace TxMsg.Server.Tests.Hosted;

/// <summary>A receiver on a socket of its own that keeps what it gets.</summary>
internal sealed class Inbox : IAsyncDisposable
{
    private readonly WebApplication app;

    private Inbox(WebApplication app) => this.app = app;

    public Uri Url => new(app.Urls.Single() + "/hooks");

    public ConcurrentQueue<Received> Requests { get; } = new();

    /// <summary>What it answers.</summary>
    public volatile int Status = 200;

    /// <summary>What it waits for before it answers.</summary>
    public Func<Received, Task> Before { get; set; } = static _ => Task.CompletedTask;

    /// <summary>The body that it answers with; null for none.</summary>
    public Func<Received, string?> Answer { get; set; } = static _ => null;

    public static async Task<Inbox> OpenAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var app = builder.Build();
        var inbox = new Inbox(app);
        app.Run(inbox.ReceiveAsync);
        await app.StartAsync();
        return inbox;
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private async Task ReceiveAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        var headers = context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        var received = new Received(headers, body.ToArray());
        Requests.Enqueue(received);
        await Before(received);
        context.Response.StatusCode = Status;
        if (Answer(received) is { } answer) await context.Response.WriteAsync(answer);
    }
}
