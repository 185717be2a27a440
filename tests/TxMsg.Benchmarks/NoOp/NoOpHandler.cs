using System.Text.Json;

namespace TxMsg.Benchmarks.NoOp;

/// <summary>One terminal middleware without routing: the method and the length of the path tell the exchanges apart.</summary>
internal sealed class NoOpHandler(NoOpDeliveries deliveries)
{
    private const string MessagesPath = "/v1/messages";
    private const int IdLength = 36;

    public Task Handle(HttpContext context)
    {
        var request = context.Request;
        if (HttpMethods.IsPost(request.Method))
            return request.Path.Value!.Length == MessagesPath.Length ? Prepare(context) : Commit(context);
        return HttpMethods.IsPut(request.Method) ? Register(context) : Task.CompletedTask;
    }

    private static async Task Prepare(HttpContext context)
    {
        await ReadToEnd(context.Request);
        context.Response.StatusCode = StatusCodes.Status201Created;
        context.Response.Headers.Location = NoOpAnswers.Location;
        await Answer(context.Response, NoOpAnswers.Prepared);
    }

    private Task Commit(HttpContext context)
    {
        deliveries.Add(context.Request.Path.Value!.Substring(MessagesPath.Length + 1, IdLength));
        return Answer(context.Response, NoOpAnswers.Committed);
    }

    /// <summary>Takes the subscription's endpoint, so that the driver sets up both servers alike.</summary>
    private async Task Register(HttpContext context)
    {
        using var body = await JsonDocument.ParseAsync(context.Request.Body, default, context.RequestAborted);
        if (body.RootElement.TryGetProperty("endpoint", out var endpoint))
            deliveries.Endpoint = new Uri(endpoint.GetString()!);
        await Answer(context.Response, "{}"u8.ToArray());
    }

    private static async Task ReadToEnd(HttpRequest request)
    {
        while (true)
        {
            var read = await request.BodyReader.ReadAsync();
            request.BodyReader.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
                return;
        }
    }

    private static Task Answer(HttpResponse response, byte[] json)
    {
        response.ContentType = "application/json; charset=utf-8";
        response.ContentLength = json.Length;
        return response.BodyWriter.WriteAsync(json).AsTask();
    }
}
