using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using TxMsg.Client.Coordinator;

namespace TxMsg.Client.Tests.Coordinator;

/// <summary>A node of a coordinator, played by a real web server: answers as it is told and keeps what it was asked.</summary>
internal sealed class Node : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly ConcurrentQueue<Asked> asked = new();

    private Node(Func<Asked, Told> answer, int port)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        app = builder.Build();
        app.Run(context => HandleAsync(context, answer));
    }

    public Uri Address => new(app.Urls.Single());

    public IReadOnlyList<Asked> Requests => [.. asked];

    public static Task<Node> StartAsync(params Told[] inTurn)
    {
        var turn = -1;
        return StartAsync(_ => inTurn[Math.Min(Interlocked.Increment(ref turn), inTurn.Length - 1)]);
    }

    public static async Task<Node> StartAsync(Func<Asked, Told> answer, int port = 0)
    {
        var node = new Node(answer, port);
        await node.app.StartAsync();
        return node;
    }

    /// <summary>A client's options that do not wait long between tries.</summary>
    public static CoordinatorOptions OptionsOf(params Uri[] addresses) =>
        new() { Addresses = addresses, RetryDelay = TimeSpan.FromMilliseconds(2), MaxRetryDelay = TimeSpan.FromMilliseconds(10) };

    public CoordinatorClient NewClient(Action<CoordinatorOptions>? change = null)
    {
        var options = OptionsOf(Address);
        change?.Invoke(options);
        return new CoordinatorClient(options, TimeProvider.System);
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private async Task HandleAsync(HttpContext context, Func<Asked, Told> answer)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        var headers = context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        var request = new Asked(context.Request.Method, context.Request.Path, headers, Encoding.UTF8.GetString(body.ToArray()));
        asked.Enqueue(request);
        var told = answer(request);
        if (told.Hangs)
        {
            var gone = new TaskCompletionSource();
            await using var registration = context.RequestAborted.Register(gone.SetResult);
            await gone.Task;
            return;
        }

        context.Response.StatusCode = told.Status;
        foreach (var (name, value) in told.Headers) context.Response.Headers[name] = value;
        await context.Response.WriteAsync(told.Body);
    }
}

/// <summary>A request that a node was sent.</summary>
internal sealed record Asked(string Method, string Path, IReadOnlyDictionary<string, string> Headers, string Body);

/// <summary>What a node answers.</summary>
internal sealed record Told(int Status, string Body = "")
{
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    public bool Hangs { get; private init; }

    public static Told Hang { get; } = new(0) { Hangs = true };

    public static Told Message(string state = "prepared", int status = 201) => new(
        status, $$"""{"id":"{{Guid.CreateVersion7()}}","producer":"shop","topic":"orders","state":"{{state}}","preparedAt":"2026-01-02T03:04:05Z","aFieldOfALaterVersion":1}""");
}
