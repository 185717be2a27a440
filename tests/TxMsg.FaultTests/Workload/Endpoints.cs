using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace TxMsg.FaultTests.Workload;

/// <summary>The consumers' and the producers' endpoints: real web servers on loopback that tell the recorder everything they see.</summary>
internal sealed class Endpoints : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, IReadOnlyList<string>> secrets = new();
    private readonly CancellationTokenSource stopping = new();
    private readonly WebApplication app;
    private readonly Recorder recorder;
    private readonly IReadOnlyList<string> consumers;
    private long checkBacks;

    private Endpoints(Recorder recorder, IReadOnlyList<string> consumers)
    {
        (this.recorder, this.consumers) = (recorder, consumers);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1));
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(1));
        app = builder.Build();
        app.Run(HandleAsync);
    }

    public Uri Address => new(app.Urls.Single());

    public long CheckBacks => Interlocked.Read(ref checkBacks);

    /// <summary>What a consumer does with a delivery; the default acknowledges at once. It may be changed at any time.</summary>
    public Func<Delivery, Task<ConsumerAnswer>> Consume { get; set; } = _ => Task.FromResult(ConsumerAnswer.Acknowledge);

    /// <summary>What a producer says when it is asked; the default is the truth.</summary>
    public Func<MessageRecord?, Task<CheckBackReply>> AnswerCheckBack { get; set; } = message => Task.FromResult(CheckBackReply.Truthful(message));

    public static async Task<Endpoints> StartAsync(Recorder recorder, IReadOnlyList<string> consumers)
    {
        var endpoints = new Endpoints(recorder, consumers);
        await endpoints.app.StartAsync();
        return endpoints;
    }

    public Uri Consumer(string name) => new(Address, $"/consumers/{name}");

    public Uri CheckBack(string producer) => new(Address, $"/check-back/{producer}");

    /// <summary>The secrets that a call to this path may be signed with; any one of them suffices.</summary>
    public void Trust(Uri endpoint, params string[] valid) => secrets[endpoint.AbsolutePath] = valid;

    /// <summary>The secrets that count at this path, newest last.</summary>
    public IReadOnlyList<string> Trusted(Uri endpoint) => secrets[endpoint.AbsolutePath];

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await app.StopAsync();
        await app.DisposeAsync();
        stopping.Dispose();
    }

    private async Task HandleAsync(HttpContext context)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping.Token);
        try
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body, end.Token);
            if (!IsSigned(context.Request, body.ToArray())) recorder.Violate($"a call to {context.Request.Path} is not signed with a valid secret");
            var path = context.Request.Path.Value!.Split('/');
            if (path[1] == "consumers") await TakeDeliveryAsync(context, consumers.ToList().IndexOf(path[2]), body.ToArray(), end.Token);
            else await TakeCheckBackAsync(context, body.ToArray(), end.Token);
        }
        catch (Exception gone) when (gone is OperationCanceledException or IOException or Microsoft.AspNetCore.Http.BadHttpRequestException)
        {
            // The coordinator hung up, or the run is over.
            context.Abort();
        }
    }

    private async Task TakeDeliveryAsync(HttpContext context, int consumer, byte[] body, CancellationToken end)
    {
        var id = Guid.Parse(context.Request.Headers[HeaderNames.WebhookId].ToString());
        var message = recorder.Find(id);
        if (message is null)
        {
            recorder.Violate($"I2: {id} was delivered to {consumers[consumer]}, but was never sent");
            return;
        }

        if (!Payload.Of(id).AsSpan().SequenceEqual(body)) recorder.Violate($"{id} came to {consumers[consumer]} with another payload than it was sent with");
        var attempt = ushort.Parse(context.Request.Headers["ce-txmsgattempt"].ToString(), CultureInfo.InvariantCulture);
        var answered = false;
        var at = DateTimeOffset.UtcNow;
        try
        {
            var answer = await Consume(new Delivery(message, consumers[consumer], attempt, context, end));
            answered = answer.IsAcknowledgement;
            if (answer.Status is { } status) context.Response.StatusCode = status;
            else context.Abort();
        }
        finally
        {
            message.Add(new Arrival((byte)consumer, attempt, answered, at.UtcTicks));
        }
    }

    private async Task TakeCheckBackAsync(HttpContext context, byte[] body, CancellationToken end)
    {
        Interlocked.Increment(ref checkBacks);
        using var asked = JsonDocument.Parse(body);
        var reply = await AnswerCheckBack(recorder.Find(asked.RootElement.GetProperty("id").GetGuid()));
        if (reply.Delay > TimeSpan.Zero) await Task.Delay(reply.Delay, end);
        context.Response.StatusCode = reply.Status;
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(reply.Body, end);
    }

    // From the specification of Standard Webhooks, not with the coordinator's code.
    private bool IsSigned(HttpRequest request, byte[] body)
    {
        if (!secrets.TryGetValue(request.Path.Value!, out var valid)) return false;
        byte[] signed = [.. Encoding.UTF8.GetBytes($"{request.Headers[HeaderNames.WebhookId]}.{request.Headers[HeaderNames.WebhookTimestamp]}."), .. body];
        var signatures = request.Headers[HeaderNames.WebhookSignature].ToString().Split(' ');
        return valid.Any(secret => signatures.Contains("v1," + Convert.ToBase64String(HMACSHA256.HashData(Convert.FromBase64String(secret["whsec_".Length..]), signed))));
    }
}
