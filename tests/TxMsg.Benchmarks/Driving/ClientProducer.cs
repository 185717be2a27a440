using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;

namespace TxMsg.Benchmarks.Driving;

/// <summary>Runs transactions one after the other over HttpClient: prepare, commit, next. Any number of loops share it.</summary>
internal sealed class ClientProducer(HttpClient http, TransactionFeed feed, PrepareBody body)
{
    private static readonly MediaTypeHeaderValue Json = new("application/json");

    public async Task Run(CancellationToken stop)
    {
        while (feed.TryBegin(out var number))
        {
            var id = feed.Ledger.IdOf(number);
            var preparing = Stopwatch.GetTimestamp();
            await Prepare(id, stop);
            feed.Prepare.Record(preparing, Stopwatch.GetTimestamp());

            var committing = Stopwatch.GetTimestamp();
            // Before the request leaves: a delivery may well overtake the commit's answer.
            feed.Ledger.CommitSent(number, committing);
            await Post($"/v1/messages/{id}/commit", content: null, HttpStatusCode.OK, stop);
            feed.Commit.Record(committing, Stopwatch.GetTimestamp());
            feed.Ledger.CommitAnswered();
        }
    }

    private async Task Prepare(Guid id, CancellationToken stop)
    {
        using var content = new ByteArrayContent(body.For(id));
        content.Headers.ContentType = Json;
        await Post("/v1/messages", content, HttpStatusCode.Created, stop);
    }

    private async Task Post(string path, HttpContent? content, HttpStatusCode expected, CancellationToken stop)
    {
        try
        {
            // Returns when the answer has been read to its end.
            using var answer = await http.PostAsync(path, content, stop);
            if (answer.StatusCode != expected)
                throw new BenchmarkFailedException(
                    $"POST {path} was to be answered {(int)expected}, not {(int)answer.StatusCode}:\n{await answer.Content.ReadAsStringAsync(stop)}");
        }
        catch (TaskCanceledException canceled) when (canceled.InnerException is TimeoutException)
        {
            throw new BenchmarkFailedException($"POST {path} got no answer within {http.Timeout}.");
        }
    }
}
