using System.Text.Json;
using TxMsg.Contracts;

namespace TxMsg.Client.Producing;

/// <summary>The answer to a check-back request, to be sent as it is.</summary>
/// <param name="Status">200 with an answer; 400 a malformed request; 401 a wrong or old signature; 403 another producer's message;
/// 413 a body that is too large; 503 the database cannot say. The coordinator takes a verdict from none but 200.</param>
/// <param name="Answer">The answer; null unless the status is 200.</param>
/// <param name="Problem">What is wrong; null when the status is 200.</param>
public sealed record CheckBackResult(int Status, CheckBackAnswer? Answer, string? Problem)
{
    /// <summary>The media type of <see cref="Body"/>.</summary>
    public string ContentType => Answer is null ? "application/problem+json" : "application/json";

    /// <summary>The body: <c>{"verdict":"commit"|"rollback"|"unknown"}</c>, or a problem.</summary>
    public ReadOnlyMemory<byte> Body => Answer is { } answer
        ? JsonSerializer.SerializeToUtf8Bytes(new VerdictBody(Word(answer)), CheckBackJson.Default.VerdictBody)
        : JsonSerializer.SerializeToUtf8Bytes(new ProblemBody("about:blank", Problem!, Status), CheckBackJson.Default.ProblemBody);

    internal static CheckBackResult Answered(CheckBackAnswer answer) => new(200, answer, null);

    internal static CheckBackResult Refused(int status, string problem) => new(status, null, problem);

    private static string Word(CheckBackAnswer answer) => answer switch
    {
        CheckBackAnswer.Commit => Verdicts.Commit,
        CheckBackAnswer.Rollback => Verdicts.Rollback,
        _ => Verdicts.Unknown,
    };
}

internal sealed record VerdictBody(string Verdict);

internal sealed record ProblemBody(string Type, string Title, int Status);
