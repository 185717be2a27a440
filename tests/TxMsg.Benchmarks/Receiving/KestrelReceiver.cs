using System.Buffers;
using System.Text;

namespace TxMsg.Benchmarks.Receiving;

/// <summary>The consumer as an ordinary .NET service: Kestrel with one terminal middleware.</summary>
internal sealed class KestrelReceiver : IDisposable
{
    private readonly DeliveryCheck deliveries;
    private readonly LoopbackServer server;

    public KestrelReceiver(int port, DeliveryCheck deliveries)
    {
        this.deliveries = deliveries;
        server = new LoopbackServer(Handle, port);
    }

    public Uri Endpoint => new(server.Address, "/deliveries");

    public void Dispose() => server.Dispose();

    private async Task Handle(HttpContext context)
    {
        var body = await ReadToEnd(context);
        try
        {
            Accept(context.Request.Headers, body);
        }
        catch (BenchmarkFailedException failure)
        {
            // Kestrel would answer 500 and go on; the run must fail.
            deliveries.Fail(failure);
        }

        context.Response.ContentLength = 0;
    }

    private void Accept(IHeaderDictionary headers, byte[] body) => deliveries.Accept(new DeliveryRequest
    {
        Id = Bytes(headers, "ce-id"),
        WebhookId = Bytes(headers, "webhook-id"),
        Timestamp = Bytes(headers, "webhook-timestamp"),
        Signature = Bytes(headers, "webhook-signature"),
        Body = body,
    });

    private static byte[] Bytes(IHeaderDictionary headers, string name) => Encoding.ASCII.GetBytes(headers[name].ToString());

    private static async Task<byte[]> ReadToEnd(HttpContext context)
    {
        var reader = context.Request.BodyReader;
        while (true)
        {
            var read = await reader.ReadAsync(context.RequestAborted);
            if (read.IsCompleted)
            {
                var body = read.Buffer.ToArray();
                reader.AdvanceTo(read.Buffer.End);
                return body;
            }

            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }
}
