using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace TxMsg.AcceptanceTests.Harness;

/// <summary>A real web server on loopback that plays consumers, producers and whoever else the coordinator calls.</summary>
public sealed class Receiver : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, Inbox> inboxes = new();
    private readonly CancellationTokenSource stopping = new();
    private readonly WebApplication app;

    private Receiver(int port)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        // requests that hang on purpose must not hold up the end of a test
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(1));
        app = builder.Build();
        app.Run(HandleAsync);
    }

    public Uri Address => new(app.Urls.Single());

    /// <summary>Listens on the given port, or on any.</summary>
    public static async Task<Receiver> StartAsync(int port = 0)
    {
        var receiver = new Receiver(port);
        await receiver.app.StartAsync();
        return receiver;
    }

    /// <summary>Opens a path; requests to paths nobody opened are answered with 404.</summary>
    public Inbox Open(string? path = null)
    {
        path ??= "/" + Unique.Name("inbox");
        return inboxes.GetOrAdd(path, _ => new Inbox(new Uri(Address, path)));
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await app.StopAsync();
        await app.DisposeAsync();
        stopping.Dispose();
    }

    private static async Task<ReceivedRequest> ReadAsync(HttpRequest request)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body);
        var headers = request.Headers.ToDictionary(pair => pair.Key, pair => pair.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        return new ReceivedRequest(request.Method, headers, body.ToArray(), DateTimeOffset.UtcNow);
    }

    private static async Task<Answer> ThinkAsync(Inbox inbox, ReceivedRequest request, CancellationToken end)
    {
        var answer = inbox.Take(request);
        try
        {
            await answer.Gate.WaitAsync(end);
            await Task.Delay(answer.Hangs ? Timeout.InfiniteTimeSpan : answer.Delay, end);
            return answer;
        }
        finally
        {
            // before the first byte of the answer, because the next request may follow on its heels
            inbox.Done();
        }
    }

    private static async Task GiveAsync(Answer answer, HttpContext context, CancellationToken end)
    {
        context.Response.StatusCode = answer.Status;
        foreach (var (name, value) in answer.Headers)
        {
            context.Response.Headers[name] = value;
        }

        await context.Response.WriteAsync(answer.Body, end);
    }

    private async Task HandleAsync(HttpContext context)
    {
        if (!inboxes.TryGetValue(context.Request.Path, out var inbox))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        var request = await ReadAsync(context.Request);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping.Token);
        try
        {
            await GiveAsync(await ThinkAsync(inbox, request, end.Token), context, end.Token);
        }
        catch (OperationCanceledException)
        {
            // the coordinator gave up waiting, or the test is over
            context.Abort();
        }
    }
}
