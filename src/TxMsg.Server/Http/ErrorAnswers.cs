using System.Data.Common;
using Microsoft.AspNetCore.Antiforgery;
using TxMsg.Server.Observability;
using TxMsg.Server.Storage;
using TxMsg.Server.Storage.GroupCommit;

namespace TxMsg.Server.Http;

/// <summary>Answers with a problem where nothing else did: an exception, an unknown path, a method that a path does not have.</summary>
internal sealed partial class ErrorAnswers(RequestDelegate next, StoreDatabase database, TimeProvider time, ILogger<ErrorAnswers> logger)
{
    private readonly ILogger logger = logger;

    // While there is no store or no memory, every request fails, with a stack of its own.
    private readonly LogThrottle shortages = new(LogThrottle.OfFailures, time);

    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
            if (context.Response.StatusCode >= 400 && !context.Response.HasStarted && context.Response.ContentType is null)
                await context.ProblemAsync(OfStatus(context, context.Response.StatusCode));
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client has gone; there is nobody to answer.
        }
        catch (Exception exception)
        {
            await AnswerAsync(context, exception);
        }
    }

    private Task AnswerAsync(HttpContext context, Exception exception)
    {
        var problem = ProblemOf(context, exception);
        Log(context, problem, exception);
        if (context.Response.HasStarted)
        {
            // Half an answer must not look like a whole one.
            context.Abort();
            return Task.CompletedTask;
        }

        context.Response.Clear();
        PageHeaders.Add(context);
        // What follows a body that cannot be read to its end is not the next request.
        if (exception is BadHttpRequestException || IsUnreadableForm(context, exception)) context.Response.Headers.Connection = "close";
        return context.ProblemAsync(problem);
    }

    private void Log(HttpContext context, Problem problem, Exception exception)
    {
        // The route, not the path: a path may hold what a caller would not like to see in a log.
        var route = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "";
        if (exception is OutOfMemoryException or DbException)
        {
            if (shortages.TryTake(out var count)) LogShortage(count, context.Request.Method, route, exception);
        }
        else if (problem.Status == 500)
        {
            LogFailed(context.Request.Method, route, exception);
        }
    }

    private Problem ProblemOf(HttpContext context, Exception exception) => exception switch
    {
        BadHttpRequestException bad => OfStatus(context, bad.StatusCode),
        WriteQueueFullException => Problems.Busy(),
        StoreUnavailableException => Problems.StoreUnavailable(),
        DbException fault when database.IsUnavailable(fault) => Problems.StoreUnavailable() with { Detail = "The store did not do what was asked; try again." },
        _ when IsUnreadableForm(context, exception) => OfStatus(context, 400),
        OutOfMemoryException => Problems.Busy() with { Detail = "There is no memory for this just now; try again." },
        _ => OfStatus(context, 500),
    };

    // The dashboard reads a form before anything else, whatever was sent as one.
    private static bool IsUnreadableForm(HttpContext context, Exception exception) =>
        context.Request.HasFormContentType && exception is (AntiforgeryValidationException or InvalidDataException or IOException or NotSupportedException);

    private static Problem OfStatus(HttpContext context, int status) => status switch
    {
        404 => Problems.New("not-found", "Not found", 404, "There is nothing under this path."),
        405 => Problems.New("method-not-allowed", "Method not allowed", 405, $"This path does not take {context.Request.Method}; the header Allow has what it takes."),
        408 => Problems.New("timeout", "Request timeout", 408, "The request came too slowly."),
        413 => Problems.New("too-large", "Payload too large", 413, "The body is too long."),
        415 => Problems.UnsupportedMediaType(),
        500 => Problems.New("internal-error", "Internal error", 500, "Something went wrong; the server's log says what."),
        _ => Problems.New("http-" + status.ToString(System.Globalization.CultureInfo.InvariantCulture), "Refused", status, Microsoft.AspNetCore.WebUtilities.ReasonPhrases.GetReasonPhrase(status) + "."),
    };
}
