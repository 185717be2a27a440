using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using TxMsg.Client.Producing;

namespace TxMsg.Client.AspNetCore;

/// <summary>The endpoint that the coordinator sends check-backs to.</summary>
public static class CheckBackEndpoint
{
    /// <summary>Maps POST of a path to the producer's <see cref="CheckBackResponder"/>: it verifies the signature itself, so the path needs no other
    /// access control, and authorization policies of the application, a fallback policy too, do not apply to it.</summary>
    /// <param name="endpoints">The application.</param>
    /// <param name="pattern">The path; its URL is the producer's <c>checkBackUrl</c>.</param>
    /// <exception cref="InvalidOperationException">There is no responder: AddTxMsgProducer was not called.</exception>
    public static IEndpointConventionBuilder MapTxMsgCheckBack(this IEndpointRouteBuilder endpoints, string pattern)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        var responder = endpoints.ServiceProvider.GetService<CheckBackResponder>()
            ?? throw new InvalidOperationException("Call services.AddTxMsgProducer(...) before MapTxMsgCheckBack.");
        return endpoints.MapPost(pattern, context => HandleAsync(context, responder)).DisableAntiforgery().AllowAnonymous();
    }

    private static async Task HandleAsync(HttpContext context, CheckBackResponder responder)
    {
        var body = await ReadAsync(context.Request.Body, context.RequestAborted);
        var result = await responder.RespondAsync(name => Header(context.Request, name), body, context.RequestAborted);
        context.Response.StatusCode = result.Status;
        context.Response.ContentType = result.ContentType;
        var answer = result.Body;
        context.Response.ContentLength = answer.Length;
        await context.Response.Body.WriteAsync(answer, context.RequestAborted);
    }

    // One byte more than the responder takes, so that it sees what is too long.
    private static async Task<ReadOnlyMemory<byte>> ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        using var body = new MemoryStream();
        var buffer = new byte[4096];
        while (body.Length <= CheckBackResponder.MaxBodyBytes)
        {
            var room = (int)Math.Min(buffer.Length, CheckBackResponder.MaxBodyBytes + 1 - body.Length);
            var read = await stream.ReadAsync(buffer.AsMemory(0, room), cancellationToken);
            if (read == 0) break;
            body.Write(buffer, 0, read);
        }

        return body.ToArray();
    }

    // Of a header that stands twice neither is to be believed.
    private static string? Header(HttpRequest request, string name) => request.Headers[name] is { Count: 1 } values ? values[0] : null;
}
